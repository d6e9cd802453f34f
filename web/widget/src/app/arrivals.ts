import type { events } from '@parley/client';
import type { Participant, Thread } from './thread-types.js';

const without = (all: readonly Participant[], id: string): readonly Participant[] =>
  all.filter((each) => each.id !== id);

/** What an event of somebody coming, going or pausing changes. */
export const arrivals = (thread: Thread, event: events.ConversationEvent): Partial<Thread> => {
  if (event.queueEntered)
    return { status: 'queued', agents: [], held: false, wait: undefined, request: undefined };
  if (event.reopened) return { status: 'queued', rating: 0, followUp: undefined, request: undefined };
  if (event.handedToBot) return { status: 'active' };
  if (event.agentJoined) {
    const { agentId = '', agentName = '' } = event.agentJoined;
    const agents = [...without(thread.agents, agentId), { id: agentId, name: agentName }];
    return { status: 'active', agents, supervisors: without(thread.supervisors, agentId), wait: undefined };
  }
  if (event.agentLeft) return { agents: without(thread.agents, event.agentLeft.agentId ?? ''), held: false };
  if (event.supervisorJoined) {
    const { supervisorId = '', supervisorName = '' } = event.supervisorJoined;
    const joined = { id: supervisorId, name: supervisorName };
    return { supervisors: [...without(thread.supervisors, supervisorId), joined] };
  }
  if (event.supervisorLeft)
    return { supervisors: without(thread.supervisors, event.supervisorLeft.supervisorId ?? '') };
  if (event.held) return { held: true };
  if (event.resumed) return { held: false };
  return {};
};
