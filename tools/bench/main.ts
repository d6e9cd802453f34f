import { benchDesk, DESK_USAGE } from './desk/bench.js';
import { benchRouting, ROUTING_USAGE } from './routing/bench.js';
import { benchMessages, MESSAGES_USAGE } from './messages/bench.js';
import { benchEstimates, ESTIMATES_USAGE } from './estimates/bench.js';
import { generate } from './messages/generator.js';
import { benchStart, START_USAGE } from './start/bench.js';

const USAGE = `npm run bench -- NAME [flags]
${MESSAGES_USAGE}
${DESK_USAGE}
${ESTIMATES_USAGE}
${ROUTING_USAGE}
${START_USAGE}`;

/** Benches by name. Each prints what it measures and, last, one line of JSON. */
const BENCHES: Readonly<Record<string, (args: string[]) => Promise<void>>> = {
  messages: benchMessages,
  desk: benchDesk,
  estimates: benchEstimates,
  routing: benchRouting,
  start: benchStart,
  // The load of `messages`, which starts it as a process of its own.
  'messages:load': generate,
};

const [name = '', ...args] = process.argv.slice(2);
const bench = BENCHES[name];
try {
  if (!bench) throw new Error(USAGE);
  await bench(args);
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 2;
}
