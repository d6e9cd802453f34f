// Proves that the simulation can fail: breaks the routing engine in one place at a time and plays schedules until the
// fault is found. `npm run test:mutations [-- --schedules N] [--only NAME]`; ends with `N passed, N failed`, a mutation
// that survives being a failure.
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { bundleTool } from '../../scripts/lib/bundle-tool.mjs';
import { root } from '../../scripts/lib/process.mjs';

const domain = join(root, 'services/routing/src/domain');

/** Name, file, what stands there, what stands there instead. */
const mutations = [
  ['capacity is not counted', 'state.ts', 'return Math.max(0, agent.capacity - agent.used);', 'return 9;'],
  ['the number of chats is not limited', 'state.ts', 'if (most > 0 && ', 'if (most < 0 && '],
  ['a ramp of 0 is none', 'indexes.ts', 'rampCapacity || 1', 'rampCapacity || capacity'],
  [
    'a team has no limit',
    'state.ts',
    'team && team.config.maxUsed > 0 ? Math',
    'team && team.config.maxUsed < 0 ? Math',
  ],
  ['late repliers get more', 'state.ts', 'agent.overdue.size === 0 && isAvailable', 'isAvailable'],
  ['who does not respond is there', 'state.ts', 'agent.online && !agent.notResponding &&', 'agent.online &&'],
  ['levels of skills do not count', 'lanes.ts', '?? 0) < level) return false;', '?? 0) < 1) return false;'],
  ['languages do not count', 'lanes.ts', "language === '' ||", "language !== 'x' ||"],
  ['who declined is asked again', 'eligible.ts', '!chat.excluded.has(agent.id);', 'chat.id !== agent.id;'],
  ['priorities are turned round', 'orders.ts', 'firstEnteredAt - Math.min', 'firstEnteredAt + Math.min'],
  [
    'a preference binds nobody',
    'match.ts',
    'const preferred = state.agents.get(chat.preferredAgentId);',
    'const preferred = undefined as Agent | undefined;',
  ],
  [
    'others keep ringing after one accepted',
    'decide-offers.ts',
    'rescindOffers(decision, found.chat, Reason.REASON_ACCEPTED_BY_OTHER);',
    '',
  ],
  [
    'a refused join frees another chat',
    'decide-conversations.ts',
    '(!offerId || each.offerId === offerId)',
    'true',
  ],
  ['a freed agent is not given the next chat', 'decide-conversations.ts', 'decision.touchAgent(agent);', ''],
  [
    'who is offered a chat is owed another',
    'match.ts',
    'if (!before) return offer',
    'if (next) return offer',
  ],
  [
    'the next target undoes an escalation',
    'decide-targets.ts',
    'chat.escalated ? Math.max(chat.priority, stage.priority) : stage.priority;',
    'stage.priority;',
  ],
  [
    'a transfer forgets the language',
    'routes.ts',
    "language === '' ? NO_REQUIREMENTS : { skills: {}, language };",
    "language === '' ? NO_REQUIREMENTS : { skills: {}, language: '' };",
  ],
  [
    'a transfer forgets the priority',
    'routes.ts',
    'return { ...route, priority, requirements: withoutSkills(requirements) };',
    'return { ...route, requirements: withoutSkills(requirements) };',
  ],
  [
    'a bot that gives a chat up gets it again',
    'decide-conversations.ts',
    'entry.reason === Entry.REASON_BOT_HANDOVER ? OVERFLOW_TAKE_MESSAGE : stage.overflow;',
    'entry.reason === Entry.REASON_STARTED ? stage.overflow : stage.overflow;',
  ],
  ['relaxations are forgotten', 'decide-targets.ts', 'else if (level === 0) delete skills[skill];', ''],
  ['history is taken for news', 'decide-conversations.ts', 'version <= (known', 'version < -(known'],
  [
    'an ended transfer keeps its offer',
    'decide-transfers.ts',
    'rescindOffers(decision, chat, routing.OfferRescinded_Reason.REASON_TRANSFER_ENDED);',
    '',
  ],
  [
    'the failsafe does nothing',
    'decide-failsafe.ts',
    'if (chat.failsafeAt <= now) failsafe(decision, chat);',
    'chat.failsafeAt = now + 999_999;',
  ],
  ['what is void is carried out', 'agenda.ts', 'if (this.#isCurrent(last)) return last;', 'return last;'],
  ['the snapshot forgets exclusions', 'snapshot.ts', 'excluded: [...facts.excluded]', 'excluded: []'],
];

const { values } = parseArgs({
  options: { schedules: { type: 'string', default: '4000' }, only: { type: 'string' } },
});

const bundle = async ([name, file, from, to], outfile) => {
  const path = join(domain, file);
  const source = await readFile(path, 'utf8');
  if (!source.includes(from))
    throw new Error(`"${name}": ${file} has no "${from}" any more; say what to break instead`);
  const mutated = {
    name: 'mutation',
    setup: ({ onLoad }) =>
      onLoad({ filter: new RegExp(`/services/routing/src/domain/${file}$`) }, () => ({
        contents: source.replace(from, to),
        loader: 'ts',
      })),
  };
  await bundleTool(join(root, 'tools/simulate/main.ts'), outfile, [mutated]);
};

const play = (outfile) =>
  new Promise((resolve) => {
    const args = [outfile, '--schedules', values.schedules, '--seed', '1', '--quick'];
    const child = spawn(process.execPath, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk) => (output += chunk));
    child.stderr.on('data', (chunk) => (output += chunk));
    child.on('close', (code) => resolve({ code, output }));
  });

let passed = 0;
const chosen = mutations.filter(([name]) => !values.only || name.includes(values.only));
for (const [i, mutation] of chosen.entries()) {
  const outfile = join(root, '.cache/tools', `mutation-${i}.mjs`);
  await bundle(mutation, outfile);
  const { code, output } = await play(outfile);
  const found = code === 1;
  if (found) passed++;
  const line =
    output.split('\n').find((each) => each.includes('Violation:')) ?? output.trim().split('\n').at(-1);
  console.log(`${found ? 'found   ' : 'SURVIVED'}  ${mutation[0]}: ${line?.trim().slice(0, 140)}`);
}
console.log(`${passed} passed, ${chosen.length - passed} failed`);
process.exitCode = passed === chosen.length ? 0 : 1;
