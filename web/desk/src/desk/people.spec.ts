import { expect, it } from '@jest/globals';
import type { gateway } from '@parley/client';
import { activeOf, namesOf, noAgentsYet, readPeople } from './people.js';

const PAGES: Record<string, { users: gateway.User[]; nextCursor?: string }> = {
  '': { users: [{ userId: 'ann', name: 'Ann' }, { userId: 'bob' }], nextCursor: 'one' },
  one: { users: [{ userId: 'zoe', name: 'Zoe', disabled: true }] },
};

it('reads all people, and lets nothing be assigned to those who may not log in any more', async () => {
  const call = async (_method: string, { page }: { page?: { cursor?: string } }) => PAGES[page?.cursor ?? ''];
  const people = await readPeople({ call: call as never });
  expect([...namesOf(people)]).toEqual([
    ['ann', 'Ann'],
    ['bob', 'bob'],
    ['zoe', 'Zoe'],
  ]);
  expect([...namesOf(activeOf(people)).keys()]).toEqual(['ann', 'bob']);
});

it('makes agents of people who may log in and are none yet', () => {
  const { users } = PAGES['']!;
  const all = [...users, ...PAGES['one']!.users];
  expect([...noAgentsYet(all, [{ agentId: 'bob' }])]).toEqual([['ann', 'Ann']]);
});
