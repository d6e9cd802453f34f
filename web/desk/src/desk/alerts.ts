import { isolated } from '@parley/client';
import { transferOutcome } from '../i18n/care-words.js';
import type { Translate } from '../i18n/translate.js';
import { type Inbox, noFilter, type Row, rowsOf, unreadOf } from '../state/inbox.js';
import { arrivedChats, escalatedChats } from '../state/news.js';
import type { Offer } from '../state/offers.js';
import type { Desk } from './desk.js';
import { navigate } from './navigation.js';
import { preferences } from './preferences.js';
import { playMessage, playRing } from './sounds.js';

const RING_EVERY_MS = 2_500;

const icon = (dot: boolean): string => {
  const mark = `<rect width="32" height="32" rx="8" fill="#3557d6"/><path d="M9 9h14a3 3 0 0 1 3 3v6a3 3 0 0 1-3 3h-6l-5 4v-4H9a3 3 0 0 1-3-3v-6a3 3 0 0 1 3-3z" fill="#fff"/>`;
  const badge = dot ? '<circle cx="25" cy="7" r="7" fill="#e5484d" stroke="#fff" stroke-width="2"/>' : '';
  return `data:image/svg+xml,${encodeURIComponent(
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32">${mark}${badge}</svg>`,
  )}`;
};

const PLAIN = icon(false);
const DOTTED = icon(true);

let shownCount: number | undefined;
const showCount = (count: number): void => {
  if (count === shownCount) return;
  shownCount = count;
  document.title = count > 0 ? `(${count}) Parley` : 'Parley';
  const link = document.querySelector<HTMLLinkElement>('link[rel=icon]');
  if (link) link.href = count > 0 ? DOTTED : PLAIN;
};

const mayNotify = (): boolean =>
  preferences.get().notifications && document.hidden && Notification.permission === 'granted';

const notify = (title: string, body: string, conversationId: string): void => {
  if (!mayNotify()) return;
  const notification = new Notification(title, { body, tag: conversationId });
  notification.onclick = () => {
    window.focus();
    navigate({ view: 'list', list: 'mine', id: conversationId });
    notification.close();
  };
};

const latestUnread = (inbox: Inbox): Row | undefined =>
  [...(rowsOf(inbox, 'mine', { ...noFilter, unreadOnly: true }) ?? [])].sort((a, b) =>
    (a.lastMessageAt ?? '') > (b.lastMessageAt ?? '') ? -1 : 1,
  )[0];

/** Title, icon, sound and desktop notifications for what needs the viewer. Returns a function that ends it. */
export const startAlerts = (desk: Desk, t: Translate): (() => void) => {
  let unread = unreadOf(desk.inbox.get());
  let ringing: readonly Offer[] = desk.offers.get();
  let ringTimer: ReturnType<typeof setInterval> | undefined;

  const count = (): void => showCount(unreadOf(desk.inbox.get()) + desk.offers.get().length);
  const ring = (): void => {
    if (preferences.get().sound) playRing();
  };
  const onOffers = (): void => {
    const now = desk.offers.get();
    for (const offer of now.filter((one) => !ringing.some(({ offerId }) => offerId === one.offerId)))
      notify(
        t('newChat'),
        [offer.queueName, isolated(offer.topic ?? '')].filter(Boolean).join(' · '),
        offer.conversationId,
      );
    clearInterval(ringTimer);
    if (now.length > 0) {
      if (now.length > ringing.length) ring();
      ringTimer = setInterval(ring, RING_EVERY_MS);
    }
    ringing = now;
    count();
  };
  let inbox = desk.inbox.get();
  /** Supervisors hear of chats that nobody takes. */
  const warn = (before: Inbox, after: Inbox): void => {
    if (!desk.viewer.supervises) return;
    for (const id of escalatedChats(before, after)) {
      const text = t('escalatedChat', { name: after.rows.get(id)?.contactName || t('visitor') });
      if (preferences.get().sound) playMessage();
      notify(text, after.rows.get(id)?.lastText ?? '', id);
      desk.notices.show({
        kind: 'error',
        text,
        action: { label: t('show'), run: () => navigate({ view: 'list', list: 'all', id }) },
      });
    }
  };
  /** Chats that were accepted for the viewer announce themselves. */
  const announce = (): void => {
    const before = inbox;
    inbox = desk.inbox.get();
    warn(before, inbox);
    for (const id of arrivedChats(before, inbox, { userId: desk.viewer.userId, expected: desk.expected })) {
      const name = inbox.rows.get(id)?.contactName || t('visitor');
      ring();
      notify(t('assignedChat', { name }), inbox.rows.get(id)?.lastText ?? '', id);
      desk.notices.show({
        kind: 'info',
        text: t('assignedChat', { name }),
        action: { label: t('show'), run: () => navigate({ view: 'list', list: 'mine', id }) },
      });
    }
    // Once taken, a chat may come again, and is then news.
    for (const id of before.lists.mine ?? []) desk.expected.delete(id);
  };
  const onTransfer = (): void => {
    const latest = desk.transferNews.get();
    if (!latest) return;
    const { conversationId, news } = latest;
    const text = transferOutcome(latest, t, {
      person: (id) => desk.people.get().get(id) ?? id,
      queue: (id) => desk.queues.get().get(id)?.queue?.name ?? id,
    });
    if (preferences.get().sound) playMessage();
    notify(text, '', conversationId);
    desk.notices.show({
      kind: news.kind === 'refused' ? 'error' : 'info',
      text,
      action: { label: t('show'), run: () => navigate({ view: 'list', list: 'mine', id: conversationId }) },
    });
  };
  const onInbox = (): void => {
    announce();
    const now = unreadOf(desk.inbox.get());
    if (now > unread) {
      if (preferences.get().sound && ringing.length === 0 && document.hidden) playMessage();
      const latest = mayNotify() && latestUnread(desk.inbox.get());
      if (latest) notify(latest.contactName || t('visitor'), latest.lastText ?? '', latest.conversationId);
    }
    unread = now;
    count();
  };
  const leave = [
    desk.offers.subscribe(onOffers),
    desk.inbox.subscribe(onInbox),
    desk.transferNews.subscribe(onTransfer),
  ];
  onOffers();
  return () => {
    for (const each of leave) each();
    clearInterval(ringTimer);
    showCount(0);
  };
};
