import type { RoutingState } from './types.js';

const FIXED: Readonly<Record<string, string>> = {
  only_candidate: 'Nobody else can take it now',
  most_free: 'You have the most free capacity',
  longest_idle: 'You have been idle longest',
  last_agent: 'You spoke with this visitor last',
  parked: 'You parked this chat',
  assigned: 'A supervisor chose you for it',
  transfer: 'A colleague asks you to take it',
  several_at_once: 'Several are asked: the first to accept has it',
};

/** A code of Explanation.reasons in words for the agent. */
export const wordsFor = (state: RoutingState, code: string): string => {
  const [what = '', id = '', level = ''] = code.split(':');
  if (what === 'queue') return `You serve ${state.queues.get(id)?.config.name ?? id}`;
  if (what === 'skill') return `You know ${state.skills.get(id)?.name ?? id} (level ${level})`;
  if (what === 'language') return `You speak ${id}`;
  return FIXED[what] ?? code;
};
