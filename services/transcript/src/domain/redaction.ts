import type { common, log } from '@parley/contracts';
import { conversation, messageSchemas, type FieldSchema } from '@parley/contracts';

type Fields = Record<string, unknown>;

/**
 * The message without what its contract marks as personal: strings and bytes empty, lists and maps empty, messages
 * absent. `typeName`: its full name in the contracts. Throws when there is no such message.
 */
export const withoutPersonal = <T extends object>(typeName: string, message: T): T => {
  const schema = messageSchemas[typeName];
  if (!schema) throw new Error(`no contract describes ${typeName}`);
  const copy: Fields = { ...(message as Fields) };
  for (const field of schema) {
    if (field.oneof === undefined) copy[field.name] = redactedValue(field, copy[field.name]);
    else copy[field.oneof] = redactedCase(field, copy[field.oneof]);
  }
  return copy as T;
};

/** A oneof is `{ $case, value }`; left alone while another of its cases is set. */
const redactedCase = (field: FieldSchema, union: unknown): unknown => {
  if (typeof union !== 'object' || union === null) return union;
  const { $case, value } = union as { readonly $case?: unknown; readonly value?: unknown };
  if ($case !== field.name) return union;
  const redacted = redactedValue(field, value);
  return redacted === undefined ? undefined : { $case, value: redacted };
};

const redactedValue = (field: FieldSchema, value: unknown): unknown => {
  if (value === undefined || value === null) return value;
  if (field.personal) return emptied(field, value);
  const typeName = field.typeName;
  if (field.type !== 'message' || typeName === undefined || !messageSchemas[typeName]) return value;
  if (Array.isArray(value)) return value.map((entry: object) => withoutPersonal(typeName, entry));
  if (!field.map) return withoutPersonal(typeName, value);
  return Object.fromEntries(
    Object.entries(value as Fields).map(([key, entry]) => [key, withoutPersonal(typeName, entry as object)]),
  );
};

const emptied = (field: FieldSchema, value: unknown): unknown => {
  if (field.map) return {};
  if (field.repeated) return [];
  if (typeof value === 'string') return '';
  if (typeof value === 'number') return 0;
  if (typeof value === 'bigint') return 0n;
  if (typeof value === 'boolean') return false;
  return value instanceof Uint8Array ? new Uint8Array() : undefined;
};

/**
 * A commit of the conversation log whose events up to `upToVersion` hold nothing personal any more; the same commit
 * when it lies behind. Throws on an event of a newer release, which nobody here knows how to redact.
 */
export const redactedCommit = (commit: log.Commit, upToVersion: number): log.Commit => {
  if (commit.firstVersion > upToVersion) return commit;
  return {
    ...commit,
    actor: commit.actor && withoutPersonal<common.Actor>('parley.common.v1.Actor', commit.actor),
    events: commit.events.map((bytes, i) =>
      commit.firstVersion + i > upToVersion ? bytes : redactedEvent(bytes, commit.firstVersion + i),
    ),
  };
};

const redactedEvent = (bytes: Uint8Array, version: number): Buffer => {
  const event = conversation.ConversationEvent.decode(bytes);
  if (!event.event)
    throw new Error(`event ${version} is of a newer release and cannot be redacted by this one`);
  return Buffer.from(
    conversation.ConversationEvent.encode(
      withoutPersonal('parley.conversation.v1.ConversationEvent', event),
    ).finish(),
  );
};
