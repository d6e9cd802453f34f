import type { Case } from '../suite.js';
import type { Tenant } from '../tenant.js';
import type { World } from '../world.js';
import { fieldCases, notObjects } from './fields.js';
import { frameCases } from './frames.js';
import { tokenCases } from './tokens.js';
import { orderCases } from './order.js';
import { grpcCases } from './raw-grpc.js';
import { httpCases, pathCases } from './raw-http.js';
import { rateCases } from './rates.js';
import { roleCases } from './roles.js';
import { streamCases } from './streams.js';
import { foreignCases, strangerCases, tenantState, unchanged } from './tenants.js';

export interface Block {
  readonly name: string;
  readonly cases: () => Promise<readonly Case[]> | readonly Case[];
}

/** All blocks, in the order in which they run. */
export const blocksOf = (world: World): readonly Block[] => {
  const { acme, globex } = world;
  const before = new Map<Tenant, string>();
  const foreign = (from: Tenant, to: Tenant): Block[] => {
    const way = `${from.name} to ${to.name}`;
    return [
      {
        name: `other tenant, ${way}`,
        cases: async () => {
          before.set(to, await tenantState(to));
          return foreignCases(world, from, to, false);
        },
      },
      { name: `other tenant, ${way}, names only`, cases: () => foreignCases(world, from, to, true) },
      {
        name: `other tenant, ${way}, afterwards`,
        cases: () => [unchanged(to, before.get(to) ?? '')],
      },
    ];
  };
  return [
    { name: 'roles', cases: () => roleCases(world) },
    ...foreign(acme, globex),
    ...foreign(globex, acme),
    { name: 'other visitor', cases: () => strangerCases(world) },
    { name: 'order', cases: () => orderCases(world) },
    { name: 'rates', cases: () => rateCases(world) },
    { name: 'fields', cases: () => fieldCases(world) },
    { name: 'raw HTTP', cases: () => httpCases(world) },
    { name: 'raw paths', cases: () => pathCases(world) },
    { name: 'raw gRPC', cases: () => grpcCases(world) },
    { name: 'frames', cases: () => frameCases(world) },
    { name: 'streams', cases: () => streamCases(world) },
    { name: 'tokens', cases: () => tokenCases(world) },
    { name: 'bodies', cases: () => notObjects(world) },
  ];
};
