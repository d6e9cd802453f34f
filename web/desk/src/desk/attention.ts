import { routingEvents } from '@parley/client';
import { automaticStatus } from '../state/idle.js';
import { rowsOf } from '../state/inbox.js';
import type { Desk } from './desk.js';
import { preferences } from './preferences.js';

const { AgentStatus } = routingEvents;
const LOOK_EVERY_MS = 5_000;
/** Signs of activity are told to the other tabs at most so often, ms. */
const TELL_EVERY_MS = 2_000;
/** All tabs of this browser: whoever works in one is not away in the others. */
const KEY = 'parley.desk.touched';
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/**
 * Sets the status that nobody sets by hand: away when the desk was not touched for long and back at the next sign, and
 * offline once the last chat of somebody who finishes theirs is over. Returns a function that ends it.
 */
export const keepAttention = (desk: Desk): (() => void) => {
  let touched = Date.now();
  let told = 0;
  let asking = false;
  const lastTouch = (): number => Math.max(touched, Number(localStorage.getItem(KEY)) || 0);
  const set = (status: routingEvents.AgentStatus): void => {
    asking = true;
    desk
      .setStatus(status, { automatic: true })
      // A refusal comes with the next look again; what the person chose meanwhile stays.
      .catch(() => undefined)
      .finally(() => (asking = false));
  };
  const look = (): void => {
    if (asking || desk.state.get() !== 'online') return;
    const own = desk.agents.get().get(desk.viewer.userId);
    const wanted = automaticStatus({
      status: own?.status,
      automatic: own?.automatic ?? false,
      idleMs: Date.now() - lastTouch(),
      limitMs: preferences.get().awayMinutes * 60_000,
    });
    if (wanted) set(wanted);
  };
  const finish = (): void => {
    if (!desk.finishing.get()) return;
    const rows = rowsOf(desk.inbox.get(), 'mine');
    const open = rows?.filter(({ state }) => state !== 'CONVERSATION_STATE_PARKED');
    if (open?.length !== 0 || desk.wrapUps.get().length > 0) return;
    void desk.setStatus(AgentStatus.AGENT_STATUS_OFFLINE).catch(() => undefined);
  };
  const onSign = (): void => {
    touched = Date.now();
    if (touched - told < TELL_EVERY_MS) return;
    told = touched;
    try {
      localStorage.setItem(KEY, String(touched));
    } catch {
      // Without storage only this tab knows.
    }
    look();
  };
  for (const sign of SIGNS) addEventListener(sign, onSign, { passive: true, capture: true });
  const timer = setInterval(look, LOOK_EVERY_MS);
  const leave = [
    desk.inbox.subscribe(finish),
    desk.wrapUps.subscribe(finish),
    desk.finishing.subscribe(finish),
  ];
  finish();
  return () => {
    for (const sign of SIGNS) removeEventListener(sign, onSign, { capture: true });
    clearInterval(timer);
    for (const each of leave) each();
  };
};
