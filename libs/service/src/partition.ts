import { partitionOfContact, partitionOfTenant, type Method } from '@parley/contracts';
import { isId, notFound, partitionOf, type RequestContext } from '@parley/kernel';

/**
 * The partition whose owner carries out a command, by the key of its contract. Fails with ApiError `notFound` when the
 * id in the request carries no partition, or one that does not exist.
 */
export const partitionFor = (
  method: Method,
  request: unknown,
  context: RequestContext,
  conversationPartitions: number,
): number => {
  const fields = request as Readonly<Record<string, unknown>>;
  switch (method.key) {
    case undefined:
      throw new Error(`${method.path} is a command without a key`);
    case 'tenant':
      return partitionOfTenant(context.tenant);
    case 'contact':
      return partitionOfContact(context.tenant, contactOf(fields, context), conversationPartitions);
    case 'partition':
      return existing(Number(fields['partition']), 'partition', conversationPartitions);
    default: {
      const field = camelCase(method.key);
      const id = fields[field];
      // An id with a wildcard or too long is no id; it must not get as far as a subject.
      return existing(isId(id) ? partitionOf(id) : undefined, field, conversationPartitions);
    }
  }
};

/** Integrations act for a contact that the request names; everybody else is their own. */
const contactOf = (fields: Readonly<Record<string, unknown>>, { principal }: RequestContext): string => {
  const { contactId } = fields;
  return principal.role !== 'visitor' && isId(contactId) ? contactId : principal.id;
};

const existing = (partition: number | undefined, field: string, partitions: number): number => {
  if (partition !== undefined && Number.isInteger(partition) && partition >= 0 && partition < partitions)
    return partition;
  throw notFound('NOT_FOUND', `There is nothing with this ${field}; use one that Parley gave you.`);
};

const camelCase = (name: string): string =>
  name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
