import type { Case } from '../suite.js';
import type { World } from '../world.js';
import { fieldCases, notObjects } from './fields.js';
import { frameCases } from './frames.js';
import { tokenCases } from './tokens.js';
import { grpcCases } from './raw-grpc.js';
import { httpCases, pathCases } from './raw-http.js';
import { roleCases } from './roles.js';
import { foreignCases, strangerCases, tenantState, unchanged } from './tenants.js';

export interface Block {
  readonly name: string;
  readonly cases: () => Promise<readonly Case[]> | readonly Case[];
}

/** All blocks, in the order in which they run. */
export const blocksOf = (world: World): readonly Block[] => {
  let before = '';
  return [
    { name: 'roles', cases: () => roleCases(world) },
    {
      name: 'other tenant',
      cases: async () => {
        before = await tenantState(world.globex);
        return foreignCases(world, false);
      },
    },
    { name: 'other tenant, names only', cases: () => foreignCases(world, true) },
    { name: 'other tenant, afterwards', cases: () => [unchanged(world.globex, before)] },
    { name: 'other visitor', cases: () => strangerCases(world) },
    { name: 'fields', cases: () => fieldCases(world) },
    { name: 'raw HTTP', cases: () => httpCases(world) },
    { name: 'raw paths', cases: () => pathCases(world) },
    { name: 'raw gRPC', cases: () => grpcCases(world) },
    { name: 'frames', cases: () => frameCases(world) },
    { name: 'tokens', cases: () => tokenCases(world) },
    { name: 'bodies', cases: () => notObjects(world) },
  ];
};
