import { describe, expect, it } from '@jest/globals';
import { home, pathOfRoute, type Route, routeOf } from './route.js';

const there = (route: Route): Route => {
  const { pathname, search } = new URL(pathOfRoute(route), 'https://x');
  return routeOf(pathname, search);
};

describe('routes', () => {
  it('come back from their addresses', () => {
    const routes: Route[] = [
      home,
      { view: 'list', list: 'closed', id: '0abc-1' },
      { view: 'search', id: '', query: 'tent & pole / 3' },
      { view: 'search', id: '0abc', query: 'ä' },
      { view: 'reports' },
      { view: 'settings' },
    ];
    for (const route of routes) expect(there(route)).toEqual(route);
  });

  it('falls back to the own chats', () => {
    for (const path of ['/desk/', '/desk', '/desk/nothing', '/desk/%E0%A4%A'])
      expect(routeOf(path)).toEqual(home);
  });
});
