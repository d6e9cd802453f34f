import { connectBus, natsConnection } from '@parley/messaging';

/** About what a commit with a message of the bench takes. */
const BODY = Buffer.alloc(280, 'x');
/** As many streams as the conversation log has partitions by default, with its settings. */
const STREAMS = 4;

/** Publishes a second that the log's server acknowledges, `inFlight` at a time, when nothing else is done. */
export const jetStreamCeiling = async (url: string, inFlight: number, ms: number): Promise<number> => {
  const bus = await connectBus({ url, name: 'bench-ceiling' });
  const nats = natsConnection(bus);
  const api = async (name: string, body: object): Promise<void> => {
    const { error } = JSON.parse((await nats.request(`$JS.API.${name}`, JSON.stringify(body))).string()) as {
      error?: { description: string };
    };
    if (error) throw new Error(`${name}: ${error.description}`);
  };
  const streams = Array.from({ length: STREAMS }, (_, i) => `BENCH_${i}`);
  for (const name of streams)
    await api(`STREAM.CREATE.${name}`, {
      name,
      subjects: [`bench.${name}.>`],
      storage: 'file',
      retention: 'limits',
      discard: 'new',
      allow_direct: true,
      allow_atomic: true,
      num_replicas: 1,
    });
  const publish = async (subject: string, until: number): Promise<number> => {
    let acknowledged = 0;
    while (performance.now() < until) {
      const { seq } = JSON.parse((await nats.request(subject, BODY, { timeout: 10_000 })).string()) as {
        seq?: number;
      };
      if (seq) acknowledged++;
    }
    return acknowledged;
  };
  const run = async (forMs: number): Promise<number> => {
    const startedAt = performance.now();
    const counts = await Promise.all(
      Array.from({ length: inFlight }, (_, i) =>
        publish(`bench.${streams[i % STREAMS]}.${i}`, startedAt + forMs),
      ),
    );
    return (counts.reduce((sum, n) => sum + n, 0) * 1000) / (performance.now() - startedAt);
  };
  await run(ms / 4);
  const perSecond = await run(ms);
  for (const name of streams) await api(`STREAM.DELETE.${name}`, {});
  await bus.drain();
  return Math.round(perSecond);
};
