import type { conversation } from '@parley/client';
import type { Refusal } from './refusal.js';

export type FollowUp = conversation.FollowUp & { readonly conversationId: string };

/** Which follow-ups are shown. */
export type Which = 'open' | 'mine' | 'answered';
export const WHICH: readonly Which[] = ['open', 'mine', 'answered'];

/** Follow-ups as they were loaded last; undefined: not yet. */
export interface FollowUps {
  readonly open: readonly FollowUp[] | undefined;
  readonly answered: readonly FollowUp[] | undefined;
  /** Open ones past their due time. */
  readonly overdue: number;
  /** Why they could not be read. */
  readonly error: Refusal | undefined;
}

export const noFollowUps: FollowUps = { open: undefined, answered: undefined, overdue: 0, error: undefined };

/** Those with an id, as the lists need it. */
export const identified = (loaded: readonly conversation.FollowUp[] | undefined): readonly FollowUp[] =>
  (loaded ?? []).flatMap(({ conversationId, ...rest }) =>
    conversationId ? [{ ...rest, conversationId }] : [],
  );

/** Whether the open follow-ups, all of them, show what an inbox row tells of one: a read model may hear of it later. */
export const hasHeardOf = (
  open: readonly FollowUp[],
  { conversationId, followUpDueAt, followUpOwnerId = '' }: conversation.InboxRow,
): boolean => {
  const found = open.find((one) => one.conversationId === conversationId);
  if (!found || !followUpDueAt) return !found === !followUpDueAt;
  const { ownerId = '', dueAt = '' } = found;
  return ownerId === followUpOwnerId && Date.parse(dueAt) === Date.parse(followUpDueAt);
};

/** The follow-ups of a list in order: what is due first, or answered last. */
export const followUpsOf = (
  { open, answered }: FollowUps,
  which: Which,
  userId: string,
): readonly FollowUp[] | undefined => {
  if (which === 'answered') return answered;
  return which === 'mine' ? open?.filter(({ ownerId }) => ownerId === userId) : open;
};

/** How urgent it is: late, due within the hour, or neither. */
export type Urgency = 'late' | 'soon' | 'calm';
const SOON_MS = 3_600_000;

export const urgencyOf = (dueAt: number, now: number): Urgency =>
  dueAt <= 0 ? 'calm' : dueAt <= now ? 'late' : dueAt - now <= SOON_MS ? 'soon' : 'calm';

/** The due time as a field of a form takes it, in the viewer's zone; empty without one. */
export const localInput = (ms: number): string => {
  if (ms <= 0) return '';
  const date = new Date(ms);
  const two = (value: number): string => String(value).padStart(2, '0');
  const day = `${String(date.getFullYear()).padStart(4, '0')}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day}T${two(date.getHours())}:${two(date.getMinutes())}`;
};
