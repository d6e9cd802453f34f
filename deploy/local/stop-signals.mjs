/** npm and the terminal may both pass on one Ctrl-C: signals within this time are one wish. */
const SAME_WISH_MS = 1000;

/**
 * Hears the wish to stop: Ctrl-C, SIGTERM, a closed terminal, or the end of the parent that started this process with an
 * IPC channel. Returns `{ signal, onImpatience(listener) }`: `signal` is an AbortSignal; `listener` runs when people ask
 * again, more than a second later.
 */
export function hearStopSignals() {
  const controller = new AbortController();
  let impatient = () => {};
  let askedAt;
  const ask = () => {
    if (askedAt === undefined) {
      askedAt = Date.now();
      console.log('\nStopping …');
      controller.abort(new Error('stopped'));
    } else if (Date.now() - askedAt > SAME_WISH_MS) impatient();
  };
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(name, ask);
  if (process.connected) {
    process.once('disconnect', ask);
    process.channel.unref();
  }
  // Nobody may read any more what is printed here.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => {});
  return { signal: controller.signal, onImpatience: (listener) => (impatient = listener) };
}
