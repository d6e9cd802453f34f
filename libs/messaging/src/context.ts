import { isId, type RequestContext, type Role } from '@parley/kernel';

/** Header (NATS) and metadata key (gRPC, in lower case) of the context; `traceparent` travels beside it. */
export const CONTEXT_HEADER = 'Parley-Context';
/** Header of the method's path, such as `parley.x.v1.XService/Method`. */
export const METHOD_HEADER = 'Parley-Method';
/** Header of answers that are errors: the canonical code. The body is an encoded google.rpc.Status. */
export const ERROR_HEADER = 'Parley-Error-Code';
export const TRACE_HEADER = 'traceparent';

/** No id holds a dot. */
const NO_TENANT = '.';

const ROLES: ReadonlySet<string> = new Set<Role>([
  'visitor',
  'agent',
  'supervisor',
  'admin',
  'integration',
  'system',
]);

/**
 * One line: `tenant role id deadline name`, the name percent-encoded and left out when there is none (HTTP/2 drops
 * values that end in a space). One header is cheaper to read than five.
 */
export const encodeContext = ({
  tenant,
  principal: { role, id, name },
  deadline,
}: RequestContext): string => {
  const line = `${tenant || NO_TENANT} ${role} ${id} ${Math.ceil(deadline)}`;
  return name ? `${line} ${encodeURIComponent(name.toWellFormed())}` : line;
};

/** What encodeContext wrote; undefined when it is malformed. An empty tenant is the system's alone. */
export const decodeContext = (line: string, traceparent: string | undefined): RequestContext | undefined => {
  const [place, role, id, time, name] = line.split(' ');
  const tenant = place === NO_TENANT ? '' : place;
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
