import { openKv, type Bus } from '@parley/messaging';
import type { NatsConnection } from '@nats-io/transport-node';
import { apiRequest, JetStreamApiError } from './jetstream-api.js';
import { POSITIONS_BUCKET } from './positions.js';

const KEY = 'purges-paused-until';
const NOTHING_THERE = new Set([10037, 10059]);

/**
 * Until `untilMs` (since 1970) nothing leaves any log; 0 ends that. For backups: documents and logs are read one after
 * the other, and what the documents do not have yet must still be in the log then. Purges under way are over a second
 * later.
 */
export const pausePurges = async (bus: Bus, untilMs: number, replicas?: number): Promise<void> => {
  const kv = await openKv(bus, { bucket: POSITIONS_BUCKET, ...(replicas ? { replicas } : {}) });
  await kv.put(KEY, Buffer.from(String(untilMs)));
};

/** As the leader has it, so that it holds as soon as it is said. Rejects with LogUnavailableError. */
export const purgesPausedUntil = async (nats: NatsConnection): Promise<number> => {
  try {
    const { message } = await apiRequest<{ message: { data?: string } }>(
      nats,
      `STREAM.MSG.GET.KV_${POSITIONS_BUCKET}`,
      { last_by_subj: `$KV.${POSITIONS_BUCKET}.${KEY}` },
    );
    return Number(Buffer.from(message.data ?? '', 'base64').toString());
  } catch (error) {
    if (error instanceof JetStreamApiError && NOTHING_THERE.has(error.errCode)) return 0;
    throw error;
  }
};
