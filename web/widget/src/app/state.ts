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

/** Whether the greeting is shown. It may say that somebody is there, so not when, as far as is known, nobody is. */
export const mayGreet = ({ availability, thread }: Pick<ChatState, 'availability' | 'thread'>): boolean =>
  !['closed', 'message'].includes(availability?.standing ?? '') &&
  thread.status !== 'taking' &&
  !thread.followUp;
