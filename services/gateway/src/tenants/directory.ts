import type { Clock } from '@parley/kernel';
import { everyDoc } from '@parley/store';
import type { TenantDoc, TenantStore } from './documents.js';

/** How long other gateways may still act on old settings, ms. */
const FRESH_MS = 2000;

/** Settings of tenants for the hot paths (origins, frames), cached for two seconds. */
export class TenantDirectory {
  private readonly cache = new Map<string, { doc: TenantDoc | undefined; at: number }>();
  private origins: { all: ReadonlySet<string>; at: number } | undefined;
  constructor(
    private readonly tenants: TenantStore['tenants'],
    private readonly clock: Clock,
  ) {}

  /** The tenant's settings; undefined when there is no such tenant. */
  async settings(tenant: string): Promise<TenantDoc | undefined> {
    const now = this.clock.now();
    const entry = this.cache.get(tenant);
    if (entry && now - entry.at < FRESH_MS) return entry.doc;
    const doc = await this.tenants.get(tenant);
    // Names that no tenant has are not kept: anybody may ask for as many as they like.
    if (doc) this.cache.set(tenant, { doc, at: now });
    else this.cache.delete(tenant);
    return doc;
  }

  /** Forgets what is cached of a tenant, after a change made here. */
  changed(tenant: string): void {
    this.cache.delete(tenant);
    this.origins = undefined;
  }

  /** Every origin that any tenant allows: a preflight names no tenant. */
  async anyOrigin(): Promise<ReadonlySet<string>> {
    const now = this.clock.now();
    if (this.origins && now - this.origins.at < FRESH_MS) return this.origins.all;
    const all = new Set<string>();
    for await (const { allowedOrigins } of everyDoc(this.tenants, {}))
      for (const origin of allowedOrigins) all.add(origin);
    this.origins = { all, at: now };
    return all;
  }
}

/**
 * True when pages of this origin may use the tenant's widget: listed, or the gateway's own pages (the widget's frame).
 * Without an origin the caller is no browser, and the list, which protects people's browsers, does not apply.
 */
export const originAllowed = (
  allowed: readonly string[],
  origin: string | undefined,
  host: string | undefined,
): boolean =>
  origin === undefined ||
  allowed.includes('*') ||
  allowed.includes(origin) ||
  (host !== undefined && origin.replace(/^https?:\/\//, '') === host);
