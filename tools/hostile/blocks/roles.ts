import { publicMethods, type Method } from '@parley/contracts';
import { ErrorCode } from '@parley/kernel';
import { internalMethods, shortName } from '../methods.js';
import { letIn, refused } from '../outcome.js';
import { sampleOf } from '../samples.js';
import type { Case } from '../suite.js';
import { ANYONE, type Caller, type Transport } from '../transports.js';
import type { World } from '../world.js';

/** It ends the session of who calls it: the block of tokens does that. */
const NOT_HERE = ['AuthService/Logout'];

/** Every method × every role × every way in: let in, or refused with exactly the right code. */
export const roleCases = (world: World): Case[] => {
  const callers = [ANYONE, ...world.acme.callers, world.acme.keys.narrow];
  const of = (caller: Caller): Case[] =>
    world
      .transportsFor(caller)
      .flatMap((transport) =>
        publicMethods
          .filter((method) => !NOT_HERE.includes(shortName(method)) || !mayCall(method, caller))
          .map((method) => cell(transport, method, caller)),
      );
  return [...callers.flatMap(of), ...callers.flatMap((caller) => internalCases(world, caller))];
};

const cell = (transport: Transport, method: Method, caller: Caller): Case => {
  const allowed = mayCall(method, caller);
  return {
    name: `${transport.name} ${shortName(method)} as ${caller.name}: ${allowed ? 'let in' : 'refused'}`,
    run: async () => {
      const outcome = await transport.call(method, sampleOf(method.request), caller);
      // The method itself says so of the token in its request.
      if (method.name === 'RefreshToken') refused(outcome, ErrorCode.unauthenticated, 'INVALID_TOKEN');
      else if (allowed) letIn(outcome);
      else if (caller === ANYONE) refused(outcome, ErrorCode.unauthenticated, 'NO_TOKEN');
      else
        refused(
          outcome,
          ErrorCode.permissionDenied,
          hasRole(method, caller) ? 'SCOPE_MISSING' : 'ROLE_NOT_ALLOWED',
        );
    },
  };
};

const isOpen = (method: Method): boolean => method.roles.includes('anyone');
const hasRole = (method: Method, { role }: Caller): boolean => method.roles.some((each) => each === role);
const mayCall = (method: Method, caller: Caller): boolean => {
  if (isOpen(method)) return true;
  const { scopes } = caller;
  return hasRole(method, caller) && (!scopes || scopes.includes('*') || scopes.includes(method.owner));
};

/** What services say to each other does not exist for anybody outside. */
const internalCases = (world: World, caller: Caller): Case[] =>
  world.transportsFor(caller).flatMap((transport) =>
    internalMethods.map((method) => ({
      name: `${transport.name} internal ${shortName(method)} as ${caller.name}: does not exist`,
      run: async () =>
        refused(
          await transport.call(method, sampleOf(method.request), caller),
          transport === world.grpc ? ErrorCode.unimplemented : ErrorCode.notFound,
        ),
    })),
  );
