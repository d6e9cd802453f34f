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
      { view: 'behind', id: '', from: '2026-01-01T08:15:00.000Z', to: '2026-01-01T08:30:00.000Z' },
      { view: 'behind', id: '0abc', from: '2026-01-01T00:00:00.000Z', to: '2026-01-02T00:00:00.000Z' },
      { view: 'settings' },
      { view: 'wall' },
      { view: 'admin', section: 'queues', id: '' },
      { view: 'admin', section: 'agents', id: 'anna' },
    ];
    for (const route of routes) expect(there(route)).toEqual(route);
  });

  it('leads to the reports when the times of a point are none', () => {
    expect(routeOf('/desk/behind', '?from=x&to=2026-01-01')).toEqual({ view: 'reports' });
  });

  it('falls back to the own chats', () => {
    expect(routeOf('/desk/admin/nothing')).toEqual({ view: 'admin', section: 'agents', id: '' });
    for (const path of ['/desk/', '/desk', '/desk/nothing', '/desk/%E0%A4%A'])
      expect(routeOf(path)).toEqual(home);
  });
});
