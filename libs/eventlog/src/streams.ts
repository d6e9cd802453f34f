import { streamName, streamSubjects, type LogName } from '@parley/contracts';
import type { NatsConnection } from '@nats-io/transport-node';
import { apiRequest, JetStreamApiError } from './jetstream-api.js';

const STREAM_NOT_FOUND = 10059;

interface StreamNames {
  readonly streams: readonly string[] | null;
  readonly total: number;
}

/** How many partitions of a log exist: one more than the highest. */
export const countPartitions = async (nats: NatsConnection, log: LogName): Promise<number> => {
  const prefix = streamName(log, 0).slice(0, -1);
  let count = 0;
  for (let offset = 0, total = 1; offset < total;) {
    const page = await apiRequest<StreamNames>(nats, 'STREAM.NAMES', { offset, subject: `${log}.>` });
    const names = page.streams ?? [];
    for (const name of names) {
      if (name.startsWith(prefix)) count = Math.max(count, Number(name.slice(prefix.length)) + 1);
    }
    offset += names.length;
    total = names.length === 0 ? 0 : page.total;
  }
  return count;
};

/**
 * Makes sure that the streams of partitions 0 … n−1 exist, n being what was asked for or what there is already, if
 * that is more; returns n. Safe when several processes do it at once. Replicas are raised or lowered to `replicas`
 * where given.
 */
export const ensureStreams = async (
  nats: NatsConnection,
  log: LogName,
  partitions: number,
  replicas: number | undefined,
): Promise<number> => {
  const wanted = Math.max(partitions, await countPartitions(nats, log));
  await Promise.all(
    Array.from({ length: wanted }, (_, partition) => ensureStream(nats, log, partition, replicas)),
  );
  return wanted;
};

interface StreamInfo {
  readonly config: Record<string, unknown>;
}

const ensureStream = async (
  nats: NatsConnection,
  log: LogName,
  partition: number,
  replicas: number | undefined,
): Promise<void> => {
  const name = streamName(log, partition);
  const ours = {
    name,
    subjects: [streamSubjects(log, partition)],
    storage: 'file',
    retention: 'limits',
    discard: 'new',
    allow_direct: true,
    allow_atomic: true,
    deny_delete: false,
    deny_purge: false,
    max_age: 0,
    max_bytes: -1,
    max_msgs: -1,
    ...(replicas ? { num_replicas: replicas } : {}),
  };
  const existing = await streamConfig(nats, name);
  if (!existing) {
    await apiRequest(nats, `STREAM.CREATE.${name}`, { num_replicas: 1, ...ours });
    return;
  }
  const differs = Object.entries(ours).some(
    ([key, value]) => JSON.stringify(existing[key] ?? false) !== JSON.stringify(value),
  );
  if (differs) await apiRequest(nats, `STREAM.UPDATE.${name}`, { ...existing, ...ours });
};

const streamConfig = async (
  nats: NatsConnection,
  name: string,
): Promise<Record<string, unknown> | undefined> => {
  try {
    return (await apiRequest<StreamInfo>(nats, `STREAM.INFO.${name}`)).config;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.errCode === STREAM_NOT_FOUND) return undefined;
    throw error;
  }
};
