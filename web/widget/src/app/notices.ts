import type { events } from '@parley/client';
import type { Thread, ThreadEntry, ThreadNotice } from './thread-types.js';

type What = ThreadNotice['what'];
/** What is said, about whom; `instead`: it says all that the notice before it says. */
type Saying = { what: What; name?: string; other?: string; instead?: boolean } | undefined;

/** The entries with what an event says to the visitor; undefined when it says nothing. */
export const noticeOf = (
  thread: Thread,
  recorded: events.RecordedEvent,
  version: number,
): readonly ThreadEntry[] | undefined => {
  const saying = sayingOf(thread, recorded.event ?? {});
  if (!saying) return undefined;
  const { what, name = '', other = '', instead } = saying;
  const at = recorded.time ? Date.parse(recorded.time) : 0;
  const before = instead ? thread.entries.slice(0, -1) : thread.entries;
  return [...before, { kind: 'notice', version, what, name, other, at }];
};

const sayingOf = (thread: Thread, event: events.ConversationEvent): Saying => {
  const first = thread.agents[0]?.name ?? '';
  if (event.agentJoined) return joined(thread, event.agentJoined);
  if (event.agentLeft) return left(thread, event.agentLeft);
  if (event.takenOver) return { what: 'takenOver', name: event.takenOver.supervisorName };
  if (event.supervisorJoined)
    return { what: 'supervisorJoined', name: event.supervisorJoined.supervisorName };
  if (event.supervisorLeft) {
    const gone = thread.supervisors.find(({ id }) => id === event.supervisorLeft?.supervisorId);
    return gone && { what: 'agentLeft', name: gone.name };
  }
  if (event.held) return { what: 'held', name: first };
  if (event.resumed) return { what: 'resumed', name: first };
  if (event.visitorInformed) {
    const what = INFORMED[event.visitorInformed.next ?? ''] ?? 'stillWaiting';
    const last = thread.entries.at(-1);
    return { what, name: first, instead: last?.kind === 'notice' && last.what === what };
  }
  if (event.messageTaken) return { what: 'messageTaken' };
  // What was taken as a message has been said.
  if (event.closed)
    return event.closed.reason === 'CLOSE_REASON_MESSAGE_TAKEN' ? undefined : { what: 'closed' };
  if (event.reopened) return { what: 'reopened' };
  return undefined;
};

const INFORMED: Readonly<Record<string, What>> = {
  NEXT_MOVED: 'moved',
  NEXT_ESCALATED: 'escalated',
  NEXT_AGENT_HELD: 'agentHeld',
};

const joined = ({ agents, entries }: Thread, { agentId, agentName = '' }: events.AgentJoined): Saying => {
  const last = entries.at(-1);
  // They took over: that has been said.
  if (last?.kind === 'notice' && last.what === 'takenOver' && last.name === agentName) return undefined;
  const other = agents.find(({ id }) => id !== agentId);
  return other ? { what: 'alsoJoined', name: agentName } : { what: 'agentJoined', name: agentName };
};

const left = ({ agents, entries }: Thread, { agentId, reason }: events.AgentLeft): Saying => {
  const name = agents.find(({ id }) => id === agentId)?.name ?? agents[0]?.name ?? '';
  const other = agents.find(({ id }) => id !== agentId)?.name ?? '';
  switch (reason) {
    case 'REASON_TRANSFERRED': {
      const last = entries.at(-1);
      const instead = last?.kind === 'notice' && last.what === 'alsoJoined' && last.name === other;
      return other ? { what: 'handedTo', name, other, instead } : { what: 'handedOn', name };
    }
    case 'REASON_TAKEN_OVER':
      return undefined;
    case 'REASON_DISCONNECTED':
      return { what: 'agentLost', name };
    case 'REASON_NO_REPLY':
      return { what: 'agentSlow', name };
    case 'REASON_LEFT':
    case 'REASON_UNSPECIFIED':
    case undefined:
      return { what: 'agentLeft', name };
  }
};
