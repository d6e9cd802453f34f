import { createStore, type Store } from '../state/store.js';

/** A yes or no that outlives the page. */
export const keptFlag = (key: string): Store<boolean> => {
  const store = createStore(localStorage.getItem(key) === 'yes');
  store.subscribe(() => {
    if (store.get()) localStorage.setItem(key, 'yes');
    else localStorage.removeItem(key);
  });
  return store;
};
