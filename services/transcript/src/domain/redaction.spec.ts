import { describe, expect, it } from '@jest/globals';
import { conversation, log, messageSchemas, recordedEvents } from '@parley/contracts';
import { redactedCommit, withoutPersonal } from './redaction.js';

const EVENT = 'parley.conversation.v1.ConversationEvent';
const cases = (messageSchemas[EVENT] ?? []).map(({ name, typeName = '' }) => [name, typeName] as const);

/** Values for every field of a message, personal ones told apart by their text. */
const filled = (typeName: string): Record<string, unknown> => {
  const message: Record<string, unknown> = {};
  for (const { name, type, typeName: of = '', personal, map, repeated, oneof } of messageSchemas[typeName] ??
    []) {
    const single =
      type === 'string'
        ? personal
          ? 'PERSONAL'
          : 'kept'
        : type === 'message'
          ? of === 'google.protobuf.Timestamp'
            ? new Date(1_000)
            : filled(of)
          : type === 'uint64'
            ? 3n
            : type === 'bool'
              ? true
              : 1;
    const value = map ? { key: single } : repeated ? [single] : single;
    if (oneof === undefined) message[name] = value;
    else message[oneof] ??= { $case: name, value };
  }
  return message;
};

const commitOf = (...events: Buffer[]): log.Commit =>
  log.Commit.fromPartial({
    tenant: 'acme',
    aggregateId: '0-a',
    firstVersion: 4,
    commandId: 'command',
    time: new Date(5_000),
    actor: { id: 'agent-1', kind: 2, name: 'PERSONAL' },
    events,
  });
const encoded = (event: unknown): Buffer =>
  Buffer.from(conversation.ConversationEvent.encode({ event } as conversation.ConversationEvent).finish());

describe('redaction', () => {
  it.each(cases)('of %s leaves what is not personal as it was', ($case, typeName) => {
    const commit = commitOf(encoded({ $case, value: filled(typeName) }));
    const redacted = redactedCommit(commit, 4);
    const bytes = Buffer.from(log.Commit.encode(redacted).finish());
    expect(bytes.includes('PERSONAL')).toBe(false);
    const [event] = recordedEvents(redacted);
    expect(event).toMatchObject({
      version: 4,
      commandId: 'command',
      actor: { id: 'agent-1', kind: 2, name: '' },
    });
    expect(event?.event?.event?.$case).toBe($case);
    const kept = (json: string): number => json.split('"kept"').length;
    const before = JSON.stringify(conversation.ConversationEvent.toJSON(recordedEvents(commit)[0]!.event!));
    const after = JSON.stringify(conversation.ConversationEvent.toJSON(event!.event!));
    expect(kept(after)).toBe(kept(before));
  });

  it('covers other cases of a oneof too', () => {
    const file = { $case: 'file', value: { fileId: 'f', name: 'PERSONAL.pdf', mediaType: 'a/b', size: 1n } };
    const value = { messageId: 'm', content: file, clientSeq: 1 };
    const redacted = redactedCommit(commitOf(encoded({ $case: 'messageSent', value })), 4);
    expect(recordedEvents(redacted)[0]?.event?.event).toEqual({
      $case: 'messageSent',
      value: { ...value, content: { $case: 'file', value: { ...file.value, name: '' } } },
    });
  });

  it('ends at its version, inside of a commit too', () => {
    const note = (text: string) => encoded({ $case: 'noteAdded', value: { noteId: 'n', text } });
    const commit = commitOf(note('first'), note('second'));
    expect(redactedCommit(commit, 3)).toBe(commit);
    const texts = recordedEvents(redactedCommit(commit, 4)).map(({ event }) =>
      event?.event?.$case === 'noteAdded' ? event.event.value.text : undefined,
    );
    expect(texts).toEqual(['', 'second']);
  });

  it('refuses events of a newer release, and messages that no contract describes', () => {
    const unknown = Buffer.from([0xfa, 0x3f, 0x01, 0x41]);
    expect(() => redactedCommit(commitOf(unknown), 9)).toThrow('newer release');
    expect(() => withoutPersonal('parley.none', {})).toThrow('no contract');
  });
});
