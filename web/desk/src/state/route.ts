import { WHICH, type Which } from './follow-ups.js';
import { LISTS, type List } from './inbox.js';

/** Parts of the administration. */
export const ADMIN_SECTIONS = [
  'people',
  'agents',
  'teams',
  'skills',
  'queues',
  'workflow',
  'hours',
  'limits',
  'workspace',
  'keys',
  'audit',
] as const;
export type AdminSection = (typeof ADMIN_SECTIONS)[number];

/** What the desk shows; the address of the page says it. */
export type Route =
  | { readonly view: 'list'; readonly list: List; readonly id: string }
  /** Messages that were left, and wait for their answer. */
  | { readonly view: 'later'; readonly which: Which; readonly id: string }
  | { readonly view: 'search'; readonly id: string; readonly query: string }
  | { readonly view: 'reports' }
  /** The chats behind a point of a chart: those that entered a queue from `from` to before `to`, ISO. */
  | { readonly view: 'behind'; readonly id: string; readonly from: string; readonly to: string }
  | { readonly view: 'wall' }
  | { readonly view: 'admin'; readonly section: AdminSection; readonly id: string }
  | { readonly view: 'settings' };

export const BASE = '/desk/';
export const home: Route = { view: 'list', list: 'mine', id: '' };

/** The route of an address; the own chats for one that is unknown. */
export const routeOf = (path: string, search = ''): Route => {
  const [first = '', second = '', third = ''] = path
    .slice(BASE.length)
    .split('/')
    .map((part) => safeDecode(part));
  const asked = new URLSearchParams(search);
  if (first === 'follow-ups')
    return { view: 'later', which: WHICH.find((known) => known === second) ?? 'open', id: third };
  if (first === 'search') return { view: 'search', id: second, query: asked.get('q') ?? '' };
  if (first === 'behind') {
    const [from, to] = [isoOf(asked.get('from')), isoOf(asked.get('to'))];
    return from && to ? { view: 'behind', id: second, from, to } : { view: 'reports' };
  }
  if (first === 'reports' || first === 'settings' || first === 'wall') return { view: first };
  if (first === 'admin')
    return {
      view: 'admin',
      section: ADMIN_SECTIONS.find((known) => known === second) ?? 'agents',
      id: third,
    };
  const list = LISTS.find((candidate) => candidate === first);
  return list ? { view: 'list', list, id: second } : home;
};

const isoOf = (text: string | null): string => {
  const time = Date.parse(text ?? '');
  return Number.isNaN(time) ? '' : new Date(time).toISOString();
};

const safeDecode = (part: string): string => {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
};

/** The chat that a route shows; empty when it shows none. */
export const chatOf = (route: Route): string => ('id' in route && route.view !== 'admin' ? route.id : '');

/** The address of a route. */
export const pathOfRoute = (route: Route): string => {
  if (route.view === 'list') return `${BASE}${route.list}${route.id && `/${encodeURIComponent(route.id)}`}`;
  if (route.view === 'later')
    return `${BASE}follow-ups/${route.which}${route.id && `/${encodeURIComponent(route.id)}`}`;
  if (route.view === 'admin')
    return `${BASE}admin/${route.section}${route.id && `/${encodeURIComponent(route.id)}`}`;
  if (route.view === 'reports' || route.view === 'settings' || route.view === 'wall')
    return `${BASE}${route.view}`;
  const chat = route.id && `/${encodeURIComponent(route.id)}`;
  if (route.view === 'behind') {
    const { from, to } = route;
    return `${BASE}behind${chat}?${new URLSearchParams({ from, to })}`;
  }
  const query = route.query && `?${new URLSearchParams({ q: route.query })}`;
  return `${BASE}search${chat}${query}`;
};
