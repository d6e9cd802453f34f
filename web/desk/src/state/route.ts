import { LISTS, type List } from './inbox.js';

/** What the desk shows; the address of the page says it. */
export type Route =
  | { readonly view: 'list'; readonly list: List; readonly id: string }
  | { readonly view: 'search'; readonly id: string; readonly query: string }
  | { readonly view: 'reports' }
  | { readonly view: 'settings' };

export const BASE = '/desk/';
export const home: Route = { view: 'list', list: 'mine', id: '' };

/** The route of an address; the own chats for one that is unknown. */
export const routeOf = (path: string, search = ''): Route => {
  const [first = '', second = ''] = path
    .slice(BASE.length)
    .split('/')
    .map((part) => safeDecode(part));
  if (first === 'search')
    return { view: 'search', id: second, query: new URLSearchParams(search).get('q') ?? '' };
  if (first === 'reports' || first === 'settings') return { view: first };
  const list = LISTS.find((candidate) => candidate === first);
  return list ? { view: 'list', list, id: second } : home;
};

const safeDecode = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
};

/** The address of a route. */
export const pathOfRoute = (route: Route): string => {
  if (route.view === 'list') return `${BASE}${route.list}${route.id && `/${encodeURIComponent(route.id)}`}`;
  if (route.view !== 'search') return `${BASE}${route.view}`;
  const query = route.query && `?${new URLSearchParams({ q: route.query })}`;
  return `${BASE}search${route.id && `/${encodeURIComponent(route.id)}`}${query}`;
};
