import { unreachable, type ApiError, type Decider } from '@parley/kernel';
import { join, leave, releaseAgent } from './domain/agents.js';
import type { Command } from './domain/commands.js';
import { close, expire, reopen, visitorLeft } from './domain/ending.js';
import type { ConversationFact } from './domain/events.js';
import { answerFollowUp, assignFollowUp } from './domain/follow-ups.js';
import { hold, park, resume, unpark } from './domain/holding.js';
import { leaveMessage, requestMessage } from './domain/messages-taken.js';
import { convert, erase, rate } from './domain/outcome.js';
import type { Decision, Policy } from './domain/rules.js';
import { evolve } from './domain/evolve.js';
import { initialState, type State } from './domain/state.js';
import { joinAsSupervisor, takeOver, whisper } from './domain/supervision.js';
import { changePage, introduce, note, read, send, start } from './domain/talk.js';
import { cancelTransfer, refuseTransfer, transfer } from './domain/transfers.js';
import { botIsSilent, handToBot, handToPeople, inform, showEstimate } from './domain/waiting.js';

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
    case 'leave':
      return leave(state, command);
    case 'transfer':
      return transfer(state, command);
    case 'cancelTransfer':
      return cancelTransfer(state, command);
    case 'refuseTransfer':
      return refuseTransfer(state, command);
    case 'hold':
      return hold(state, command);
    case 'resume':
      return resume(state, command);
    case 'park':
      return park(state, command);
    case 'unpark':
      return unpark(state, command);
    case 'whisper':
      return whisper(state, command);
    case 'joinAsSupervisor':
      return joinAsSupervisor(state, command);
    case 'takeOver':
      return takeOver(state, command);
    case 'requestMessage':
      return requestMessage(state, command);
    case 'leaveMessage':
      return leaveMessage(state, command);
    case 'assignFollowUp':
      return assignFollowUp(state, command);
    case 'answerFollowUp':
      return answerFollowUp(state, command);
    case 'handToBot':
      return handToBot(state, command);
    case 'botIsSilent':
      return botIsSilent(policy, state, command);
    case 'handToPeople':
      return handToPeople(state, command);
    case 'showEstimate':
      return showEstimate(state, command);
    case 'inform':
      return inform(state, command);
    default:
      return unreachable(command);
  }
};
