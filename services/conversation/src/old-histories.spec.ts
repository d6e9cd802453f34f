import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { log } from '@parley/contracts';
import { fold } from '@parley/kernel';
import { conversationCodec, knownEvents, type ConversationFact } from './domain/events.js';
import { emptyView, evolveView } from './domain/view.js';
import { decider } from './testing/story.js';

interface OldHistory {
  /** Commits in protobuf's JSON form, their events as the bytes that the release of that time wrote. */
  readonly commits: readonly unknown[];
  /** What they led to; fields that came later are not in it. */
  readonly state: Record<string, unknown>;
  readonly view: Record<string, unknown>;
}

const folder = join(import.meta.dirname, '..', 'fixtures');
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));
const read = (name: string): OldHistory => {
  const history: unknown = JSON.parse(readFileSync(join(folder, name), 'utf8'));
  return history as OldHistory;
};
const eventsOf = ({ commits }: OldHistory): ConversationFact[] =>
  commits.flatMap((json) => {
    const commit = log.Commit.fromJSON(json);
    return commit.events.map((bytes) => {
      const event = conversationCodec.decode(bytes, commit);
      if (!event) throw new Error('an event of an older release is not known any more');
      return event;
    });
  });

describe('histories of older releases', () => {
  it.each(files)('%s leads to what it led to then', (name) => {
    const history = read(name);
    const events = eventsOf(history);
    expect(fold(decider, decider.initialState, events)).toMatchObject(history.state);
    expect(events.reduce(evolveView, emptyView)).toMatchObject(history.view);
  });

  it('hold every event there is', () => {
    const seen = new Set(files.flatMap((name) => eventsOf(read(name)).map(({ fact }) => fact.$case)));
    expect([...seen].sort()).toEqual([...knownEvents].sort());
  });
});
