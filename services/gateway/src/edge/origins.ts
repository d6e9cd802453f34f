import type { IncomingMessage } from 'node:http';
import { originAllowed, type TenantDirectory } from '../tenants/directory.js';

type Headers = Readonly<Record<string, string>>;

/** The Origin header; undefined outside of browsers. "null" (a sandboxed page) stays: no list holds it. */
export const originOf = (request: IncomingMessage): string | undefined => request.headers.origin;

/** CORS headers for pages of other origins. */
export class Cors {
  constructor(private readonly directory: Pick<TenantDirectory, 'settings' | 'anyOrigin'>) {}

  /** The answer to a preflight: allowed when any tenant lists the origin, since a preflight names no tenant. */
  async preflight(request: IncomingMessage): Promise<Headers> {
    const origin = originOf(request);
    const known = await this.directory.anyOrigin();
    if (!origin || !originAllowed([...known], origin, request.headers.host)) return { vary: 'origin' };
    return {
      ...allow(origin),
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'authorization, content-type',
      'access-control-max-age': '600',
    };
  }

  /** Headers of an answer to a page of this origin about this tenant; none when the tenant does not list it. */
  async answer(request: IncomingMessage, tenant: string | undefined): Promise<Headers> {
    const origin = originOf(request);
    if (!origin || tenant === undefined) return {};
    const settings = await this.directory.settings(tenant);
    const allowed = settings && originAllowed(settings.allowedOrigins, origin, request.headers.host);
    return allowed ? allow(origin) : { vary: 'origin' };
  }
}

const allow = (origin: string): Headers => ({ 'access-control-allow-origin': origin, vary: 'origin' });
