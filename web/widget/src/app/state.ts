import type { ConnectionState, gateway, OutboxItem } from '@parley/client';
import type { Availability, Range } from './availability.js';
import { emptyThread } from './thread.js';
import type { Thread } from './thread-types.js';

/** Everything that the views show. */
export interface ChatState {
  readonly boot: 'starting' | 'ready' | 'unreachable' | 'notAllowed';
  readonly settings: gateway.WidgetSettings;
  readonly connection: ConnectionState;
  readonly thread: Thread;
  readonly outbox: readonly OutboxItem[];
  /** Whether a conversation goes on, or is on its way to its start. */
  readonly begun: boolean;
  /** Place in line; 0 while unknown or not waiting. */
  readonly position: number;
  /** How long waiting usually takes; undefined while that cannot be said honestly, or is under half a minute. */
  readonly wait: Range | undefined;
  /** Whether somebody is there for a new chat; undefined while unknown. */
  readonly availability: Availability | undefined;
  /** Whether that has been asked, or waited for long enough: what it decides is not shown before. */
  readonly asked: boolean;
  /** Name of the agent who types; undefined while nobody does. */
  readonly typing: string | undefined;
}

/** Answers to the pre-chat form, by field name. */
export type Prechat = Readonly<Record<string, string>>;

export const initialState: ChatState = {
  boot: 'starting',
  settings: {},
  connection: 'offline',
  thread: emptyThread,
  outbox: [],
  begun: false,
  position: 0,
  wait: undefined,
  availability: undefined,
  asked: false,
  typing: undefined,
};

/** Whether, as far as is known, nobody is there. */
export const isNobodyThere = ({ availability }: Pick<ChatState, 'availability'>): boolean =>
  availability?.standing === 'closed' || availability?.standing === 'message';

/** Whether the greeting is shown. It may say that somebody is there. */
export const mayGreet = (state: Pick<ChatState, 'availability' | 'thread'>): boolean =>
  !isNobodyThere(state) && state.thread.status !== 'taking' && !state.thread.followUp;
