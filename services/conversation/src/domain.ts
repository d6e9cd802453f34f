import { unreachable, type ApiError, type Decider } from '@parley/kernel';
import { join, releaseAgent } from './domain/agents.js';
import type { Command } from './domain/commands.js';
import { close, expire, reopen, visitorLeft } from './domain/ending.js';
import type { ConversationFact } from './domain/events.js';
import { convert, erase, rate } from './domain/outcome.js';
import type { Decision, Policy } from './domain/rules.js';
import { evolve, initialState, type State } from './domain/state.js';
import { changePage, introduce, note, read, send, start } from './domain/talk.js';

export type ConversationDecider = Decider<State, Command, ConversationFact, ApiError>;

/** The rules of a conversation under an operator's policy. */
export const conversationDecider = (policy: Policy): ConversationDecider => ({
  initialState,
  evolve,
  decide: (state, command) => decide(policy, state, command),
});

const decide = (policy: Policy, state: State, command: Command): Decision => {
  switch (command.type) {
    case 'start':
      return start(state, command);
    case 'send':
      return send(state, command);
    case 'note':
      return note(state, command);
    case 'read':
      return read(state, command);
    case 'changePage':
      return changePage(state, command);
    case 'introduce':
      return introduce(state, command);
    case 'join':
      return join(state, command);
    case 'releaseAgent':
      return releaseAgent(state, command);
    case 'visitorLeft':
      return visitorLeft(state, command);
    case 'expire':
      return expire(policy, state, command);
    case 'close':
      return close(state, command);
    case 'reopen':
      return reopen(policy, state, command);
    case 'rate':
      return rate(policy, state, command);
    case 'convert':
      return convert(policy, state, command);
    case 'erase':
      return erase(state, command);
    default:
      return unreachable(command);
  }
};
