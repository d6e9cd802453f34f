import { common } from '@parley/contracts';
import { type Principal, type RequestContext, type Role } from '@parley/kernel';
import type { By } from './domain/given.js';

const { Actor_Kind: Kind } = common;

const KINDS: Readonly<Record<Role, common.Actor_Kind>> = {
  visitor: Kind.KIND_VISITOR,
  agent: Kind.KIND_AGENT,
  supervisor: Kind.KIND_AGENT,
  admin: Kind.KIND_AGENT,
  integration: Kind.KIND_INTEGRATION,
  system: Kind.KIND_SYSTEM,
};

/** Who stands in the commits of this principal. */
export const actorOf = ({ role, id, name }: Principal): common.Actor => ({
  kind: KINDS[role],
  id,
  name: name ?? '',
});

/** Who acts, as the rules see it. */
export const byOf = (context: RequestContext, formerIds?: ReadonlySet<string>): By => ({
  role: context.principal.role,
  actor: actorOf(context.principal),
  formerIds,
});
