import { isId, type RequestContext, type Role } from '@parley/kernel';

/** Header (NATS) and metadata key (gRPC, in lower case) of the context; `traceparent` travels beside it. */
export const CONTEXT_HEADER = 'Parley-Context';
/** Header of the method's path, such as `parley.x.v1.XService/Method`. */
export const METHOD_HEADER = 'Parley-Method';
/** Header of answers that are errors: the canonical code. The body is an encoded google.rpc.Status. */
export const ERROR_HEADER = 'Parley-Error-Code';
export const TRACE_HEADER = 'traceparent';

const ROLES: ReadonlySet<string> = new Set<Role>([
  'visitor',
  'agent',
  'supervisor',
  'admin',
  'integration',
  'system',
]);

/** One line: `tenant role id deadline name`, the name percent-encoded. One header is cheaper to read than five. */
export const encodeContext = ({ tenant, principal, deadline }: RequestContext): string =>
  `${tenant} ${principal.role} ${principal.id} ${Math.ceil(deadline)} ${
    principal.name === undefined ? '' : encodeURIComponent(principal.name.toWellFormed())
  }`;

/** What encodeContext wrote; undefined when it is malformed. An empty tenant is the system's alone. */
export const decodeContext = (line: string, traceparent: string | undefined): RequestContext | undefined => {
  const [tenant, role, id, time, name] = line.split(' ');
  if (tenant === undefined || role === undefined || id === undefined || time === undefined) return undefined;
  const deadline = Number(time);
  if (!ROLES.has(role) || !isId(id) || !Number.isFinite(deadline) || deadline <= 0) return undefined;
  if (!isId(tenant) && !(tenant === '' && role === 'system')) return undefined;
  try {
    return {
      tenant,
      principal: { role: role as Role, id, ...(name ? { name: decodeURIComponent(name) } : {}) },
      deadline,
      ...(traceparent ? { traceparent } : {}),
    };
  } catch {
    return undefined; // not percent-encoding
  }
};
