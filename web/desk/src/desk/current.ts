import { session } from '../session/session.js';
import { createStore, type Store } from '../state/store.js';
import { type Desk, openDesk } from './desk.js';

/** The desk of the person who is signed in; undefined while nobody is. */
export const currentDesk: Store<Desk | undefined> = createStore<Desk | undefined>(undefined);

/** Keeps one desk open as long as the same person is signed in, whatever tokens they have. */
export const followSession = (): void => {
  let person = '';
  const follow = (): void => {
    const { login } = session.get();
    const next = login ? `${login.tenant}/${login.user.userId}/${login.user.role}` : '';
    if (next === person) return;
    person = next;
    currentDesk.get()?.close();
    currentDesk.update(() => login && openDesk(login));
  };
  follow();
  session.subscribe(follow);
};
