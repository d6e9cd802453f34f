import { GATEWAY_LEASES, presence } from '@parley/contracts';
import type { Kv } from '@parley/messaging';

const RENEW_MS = GATEWAY_LEASES.ttlMs / 3;

export interface Lease {
  /** Gives the lease back: its sessions are gone now, not after the time to live. */
  release(): Promise<void>;
}

/** Holds this gateway's lease, renewed three times in its time to live. A failed renewal is tried with the next one. */
export const holdLease = async (
  kv: Pick<Kv, 'put' | 'delete'>,
  gatewayId: string,
  epoch: string,
  onProblem: (error: unknown) => void,
): Promise<Lease> => {
  const value = presence.GatewayLease.encode({ gatewayId, epoch }).finish();
  await kv.put(gatewayId, value);
  const timer = setInterval(() => void kv.put(gatewayId, value).catch(onProblem), RENEW_MS);
  return {
    release: async () => {
      clearInterval(timer);
      await kv.delete(gatewayId).catch(onProblem);
    },
  };
};
