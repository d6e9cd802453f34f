import { home, pathOfRoute, type Route, routeOf } from '../state/route.js';
import { createStore, type Store } from '../state/store.js';

const here = (): Route => routeOf(location.pathname, location.search);

/** What the desk shows. */
export const route: Store<Route> = createStore(here());

/** Goes to a route. `replace`: the way back leads past the present one. */
export const navigate = (to: Route, { replace = false } = {}): void => {
  if (pathOfRoute(to) === location.pathname + location.search) return;
  history[replace ? 'replaceState' : 'pushState'](null, '', pathOfRoute(to));
  route.update(() => to);
};

/** What makes a link of an anchor: a plain click stays in the desk, with a key held it is the browser's. */
export const linkTo = (to: Route) => ({
  href: pathOfRoute(to),
  onClick: (event: Pick<MouseEvent, 'metaKey' | 'ctrlKey' | 'shiftKey' | 'preventDefault'>): void => {
    if (event.metaKey || event.ctrlKey || event.shiftKey) return;
    event.preventDefault();
    navigate(to);
  },
});

/** Follows the browser's back and forward. */
export const followHistory = (): void => addEventListener('popstate', () => route.update(here));

/** Leaves what is open in the present view: the chat first, then the view. */
export const goUp = (): void => {
  const now = route.get();
  if ('id' in now && now.id) navigate({ ...now, id: '' });
  else if (now.view === 'behind') navigate({ view: 'reports' });
  else if (now.view !== 'list') navigate(home);
};
