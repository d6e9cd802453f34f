import { partitionOfContact, partitionOfTenant, type Method } from '@parley/contracts';
import { isId, notFound, partitionOf, type RequestContext } from '@parley/kernel';

/** The partitions of the conversation log, as PartitionCount of libs/eventlog has them. */
export interface Partitions {
  readonly current: number;
  has(partition: number): Promise<boolean>;
  refresh(): Promise<number>;
}

/**
 * The partition whose owner carries out a command, by the key of its contract. Fails with ApiError `notFound` when the
 * id in the request carries no partition, or one that the log does not have.
 */
export const partitionFor = async (
  method: Method,
  request: unknown,
  context: RequestContext,
  conversations: Partitions,
): Promise<number> => {
  const fields = request as Readonly<Record<string, unknown>>;
  switch (method.key) {
    case undefined:
      throw new Error(`${method.path} is a command without a key`);
    case 'tenant':
      return partitionOfTenant(context.tenant);
    case 'contact':
      // Before there is a log there is no owner either: whoever makes it has a first partition.
      return partitionOfContact(
        context.tenant,
        contactOf(fields, context),
        Math.max(1, conversations.current || (await conversations.refresh())),
      );
    case 'partition':
      return existing(Number(fields['partition']), 'partition', conversations);
    default: {
      const field = camelCase(method.key);
      const id = fields[field];
      // An id with a wildcard or too long is no id; it must not get as far as a subject.
      return existing(isId(id) ? partitionOf(id) : undefined, field, conversations);
    }
  }
};

/** Integrations act for a contact that the request names; everybody else is their own. */
const contactOf = (fields: Readonly<Record<string, unknown>>, { principal }: RequestContext): string => {
  const { contactId } = fields;
  return principal.role !== 'visitor' && isId(contactId) ? contactId : principal.id;
};

const existing = async (
  partition: number | undefined,
  field: string,
  partitions: Partitions,
): Promise<number> => {
  if (partition !== undefined && (await partitions.has(partition))) return partition;
  throw notFound('NOT_FOUND', `There is nothing with this ${field}; use one that Parley gave you.`);
};

const camelCases = new Map<string, string>();

const camelCase = (name: string): string => {
  let camel = camelCases.get(name);
  if (camel === undefined) {
    camel = name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
    camelCases.set(name, camel);
  }
  return camel;
};
