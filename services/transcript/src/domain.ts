import { common, conversation } from '@parley/contracts';

/** What the list of transcripts shows of a conversation; times in ms. Grows with each event. */
export interface SummaryState {
  readonly contactId: string;
  readonly contactName: string;
  readonly locale: string;
  readonly startedAt: number;
  readonly closedAt: number | null;
  readonly closeReason: conversation.CloseReason;
  readonly queueId: string;
  /** Everybody who was in the chat, in order of joining. */
  readonly agentIds: readonly string[];
  readonly messages: number;
  readonly rating: number;
  readonly topic: string;
  /** The first words of the visitor. */
  readonly excerpt: string;
  /** True while a message that was left waits for its answer. */
  readonly followUpOpen: boolean;
  /** The last version with content of people. */
  readonly contentVersion: number;
  /** Personal content up to this version is erased; 0: none was. */
  readonly erasedUpTo: number;
}

export const emptySummary: SummaryState = {
  contactId: '',
  contactName: '',
  locale: '',
  startedAt: 0,
  closedAt: null,
  closeReason: conversation.CloseReason.CLOSE_REASON_UNSPECIFIED,
  queueId: '',
  agentIds: [],
  messages: 0,
  rating: 0,
  topic: '',
  excerpt: '',
  followUpOpen: false,
  contentVersion: 0,
  erasedUpTo: 0,
};

const EXCERPT_CHARACTERS = 160;

const WITH_CONTENT: ReadonlySet<string> = new Set([
  'started',
  'visitorIdentified',
  'messageSent',
  'noteAdded',
  'ratingGiven',
  'pageChanged',
  'transferRequested',
  'transferRefused',
  'whisperSent',
]);

/** The summary after one more event. An event that this release does not know changes nothing. */
export const evolveSummary = (
  before: SummaryState,
  { event: recorded, time, actor, version }: conversation.RecordedEvent,
): SummaryState => {
  const event = recorded?.event;
  const state = event && WITH_CONTENT.has(event.$case) ? { ...before, contentVersion: version } : before;
  const at = time?.getTime() ?? 0;
  switch (event?.$case) {
    case 'started':
      return {
        ...state,
        contactId: event.value.contactId,
        locale: event.value.locale,
        topic: event.value.topic,
        startedAt: at,
      };
    case 'visitorIdentified':
      return { ...state, contactName: event.value.name || state.contactName };
    case 'messageSent':
      return messageSent(state, event.value, actor?.kind);
    case 'queueEntered':
      return { ...state, queueId: event.value.queueId };
    case 'agentJoined':
      return {
        ...state,
        queueId: event.value.queueId || state.queueId,
        agentIds: state.agentIds.includes(event.value.agentId)
          ? state.agentIds
          : [...state.agentIds, event.value.agentId],
      };
    case 'closed':
      return {
        ...state,
        closedAt: event.value.effectiveAt?.getTime() ?? at,
        closeReason: event.value.reason,
      };
    case 'reopened':
      return {
        ...state,
        closedAt: null,
        closeReason: conversation.CloseReason.CLOSE_REASON_UNSPECIFIED,
      };
    case 'ratingGiven':
      return { ...state, rating: event.value.score };
    case 'contentErased':
      return erased(state, event.value.upToVersion, version);
    case 'messageTaken':
      return { ...state, queueId: event.value.queueId || state.queueId, followUpOpen: true };
    case 'followUpAnswered':
      return { ...state, followUpOpen: false };
    case 'visitorInformed':
      return { ...state, queueId: event.value.queueId || state.queueId };
    case 'noteAdded':
    case 'readUpTo':
    case 'agentLeft':
    case 'conversionRecorded':
    case 'pageChanged':
    case 'transferRequested':
    case 'transferred':
    case 'transferRefused':
    case 'held':
    case 'resumed':
    case 'parked':
    case 'supervisorJoined':
    case 'supervisorLeft':
    case 'whisperSent':
    case 'takenOver':
    case 'waitEstimateShown':
    case 'messageRequested':
    case 'followUpAssigned':
    case 'handedToBot':
    case undefined:
      return state;
    default:
      return state;
  }
};

const messageSent = (
  state: SummaryState,
  { content }: conversation.MessageSent,
  author: common.Actor_Kind | undefined,
): SummaryState => {
  const messages = state.messages + 1;
  if (state.excerpt || author !== common.Actor_Kind.KIND_VISITOR || content?.$case !== 'text')
    return { ...state, messages };
  const words = content.value.text.replaceAll(/\s+/g, ' ').trim();
  return { ...state, messages, excerpt: Array.from(words).slice(0, EXCERPT_CHARACTERS).join('') };
};

/** An erasure never reaches beyond itself, whatever stands in it. */
const erased = (state: SummaryState, upToVersion: number, version: number): SummaryState => ({
  ...state,
  contactName: '',
  excerpt: '',
  topic: '',
  // What was asked is gone, and where to answer: nobody can.
  followUpOpen: false,
  erasedUpTo: Math.max(state.erasedUpTo, Math.min(upToVersion, version)),
});
