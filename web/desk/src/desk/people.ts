import type { Connection, gateway } from '@parley/client';
import { readPages } from './pages.js';

/** All people of the tenant. Rejects with an ApiError. */
export const readPeople = (connection: Pick<Connection, 'call'>): Promise<gateway.User[]> =>
  readPages(async (page) => {
    const { users, nextCursor } = await connection.call('parley.gateway.v1.TenantService/ListUsers', {
      page,
    });
    return { entries: users, nextCursor };
  });

/** Names of people by their ids; who has none goes by the id. */
export const namesOf = (people: readonly gateway.User[]): ReadonlyMap<string, string> =>
  new Map(people.map(({ userId = '', name }) => [userId, name || userId]));

/** Those who may log in: nothing can be assigned to anybody else. */
export const activeOf = (people: readonly gateway.User[]): readonly gateway.User[] =>
  people.filter(({ disabled }) => !disabled);

/** Names of those of whom an agent can be made, by their ids: they may log in, and are none of the agents. */
export const noAgentsYet = (
  people: readonly gateway.User[],
  agents: readonly { readonly agentId?: string }[],
): ReadonlyMap<string, string> =>
  namesOf(activeOf(people).filter(({ userId }) => !agents.some(({ agentId }) => agentId === userId)));
