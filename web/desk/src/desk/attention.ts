import type { Desk } from './desk.js';
import { preferences } from './preferences.js';

/** Signs of activity are told to the platform and the other tabs at most so often, ms. */
const TELL_EVERY_MS = 10_000;
/** So often while the platform has the agent away for want of them, ms. */
const COME_BACK_EVERY_MS = 1_000;
/** All tabs of this browser: whoever works in one is not away in the others. */
const KEY = 'parley.desk.touched';
const SIGNS = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/**
 * Tells the platform when the desk was touched last and after how long the person wants to be away: it sets the status
 * itself, also when this page is not shown or asleep. Returns a function that ends it.
 */
export const keepAttention = (desk: Desk): (() => void) => {
  let touched = Date.now();
  let told = 0;
  const tell = (): void => {
    told = Date.now();
    const last = Math.max(touched, Number(localStorage.getItem(KEY)) || 0);
    desk.connection.activity({
      idleMs: Math.max(0, Date.now() - last),
      awayAfterSeconds: preferences.get().awayMinutes * 60,
    });
  };
  const onSign = (): void => {
    touched = Date.now();
    const away = desk.agents.get().get(desk.viewer.userId)?.automatic ?? false;
    if (touched - told < (away ? COME_BACK_EVERY_MS : TELL_EVERY_MS)) return;
    try {
      localStorage.setItem(KEY, String(touched));
    } catch {
      // Without storage only this tab knows.
    }
    tell();
  };
  for (const sign of SIGNS) addEventListener(sign, onSign, { passive: true, capture: true });
  if (desk.state.get() === 'online') tell();
  const leave = [desk.connection.on('welcome', tell), preferences.subscribe(tell)];
  return () => {
    for (const sign of SIGNS) removeEventListener(sign, onSign, { capture: true });
    for (const each of leave) each();
  };
};
