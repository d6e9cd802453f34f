import { createStore, type Store } from '../state/store.js';

let ahead = 0;

/** Tells how the server's clock stands against ours, so that waiting times and countdowns are right. */
export const setServerTime = (iso: string | undefined): void => {
  const server = Date.parse(iso ?? '');
  if (!Number.isNaN(server)) ahead = server - Date.now();
};

/** The server's time, ms since the epoch. */
export const serverNow = (): number => Date.now() + ahead;

/** The server's time in whole seconds, as ms; changes once a second while anybody looks. */
export const second: Pick<Store<number>, 'get' | 'subscribe'> = (() => {
  const whole = (): number => Math.floor(serverNow() / 1000) * 1000;
  const store = createStore(whole());
  let listeners = 0;
  let timer: ReturnType<typeof setInterval> | undefined;
  const tick = (): void => store.update(whole);
  return {
    get: store.get,
    subscribe: (listener) => {
      const leave = store.subscribe(listener);
      if (listeners++ === 0) timer = setInterval(tick, 1000);
      return () => {
        leave();
        if (--listeners === 0) clearInterval(timer);
      };
    },
  };
})();
