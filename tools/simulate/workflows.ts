import { routing } from '@parley/contracts';

const { OVERFLOW_TAKE_MESSAGE, OVERFLOW_BOT } = routing.Overflow;

type Facts = Pick<routing.ConversationEnqueued, 'topic' | 'language' | 'pageUrl'>;

/** Conditions, each with the same said in TypeScript, so that the expression language is not its own judge. */
const CONDITIONS: readonly (readonly [string, (facts: Facts) => boolean])[] = [
  ['', () => true],
  ['topic == "billing"', ({ topic }) => topic === 'billing'],
  ['language == "de"', ({ language }) => language === 'de'],
  [
    'page.url.startsWith("https://shop.example/cart")',
    ({ pageUrl }) => pageUrl.startsWith('https://shop.example/cart'),
  ],
];

/** Whether a condition holds. */
export const matches = (when: string, facts: Facts): boolean =>
  CONDITIONS.find(([text]) => text === when)?.[1](facts) ?? false;

export const TOPICS = ['billing', 'returns', ''] as const;
export const LANGUAGES = ['de', 'en', 'fr'] as const;
export const PAGES = ['https://shop.example/cart', 'https://shop.example/help'] as const;
export const SKILLS = ['billing', 'tech'] as const;

const SKIPS = ['', 'queue.agentsAvailable == 0', 'queue.waiting > 1', 'queue.freeCapacity == 0'] as const;

const at = <T>(list: readonly T[], n: number): T => list[n % list.length]!;

/** A workflow of these numbers: one to three filters, each with one to three targets in the queues that there are. */
export const workflowOf = (
  n: readonly [number, number, number, number],
  queueIds: readonly string[],
): routing.Workflow => {
  const [a, b, c, d] = n;
  const filters = Array.from({ length: 1 + (a % 3) }, (_, i) =>
    routing.Filter.fromPartial({
      name: `filter ${i + 1}`,
      // The last one matches everything, the ones before something.
      when: i === a % 3 ? '' : at(CONDITIONS, 1 + ((b + i) % 3))[0],
      requirements: {
        skills: (c + i) % 3 === 0 ? {} : { [at(SKILLS, c + i)]: 1 + ((c + i) % 5) },
        language: at(['', 'visitor', 'de', ''], d + i),
      },
      priority: (b + 3 * i) % 10,
      lastAgentSeconds: at([0, 0, 15, 45], c + i),
      targets: targetsOf(b + 7 * i, d + 5 * i, queueIds),
    }),
  );
  return routing.Workflow.fromPartial({ filters });
};

const targetsOf = (b: number, d: number, queueIds: readonly string[]): routing.Target[] => {
  const count = 1 + (b % 3);
  const ends = b % 4 !== 0;
  const targets = Array.from({ length: count }, (_, i) =>
    routing.Target.fromPartial({
      to: { $case: 'queueId', value: at(queueIds, b + i) },
      untilSeconds: i === count - 1 && !ends ? 0 : (i + 1) * at([10, 40, 90], d),
      skipIf: at(SKIPS, d + i),
      relaxations: i === 0 ? [] : [{ skill: at([...SKILLS, 'language'], d + i), level: at([0, 1], b) }],
      ...((d + i) % 4 === 0 ? { priority: (d + i) % 10 } : {}),
    }),
  );
  if (ends)
    targets.push(
      routing.Target.fromPartial({
        to: { $case: 'overflow', value: d % 5 === 0 ? OVERFLOW_BOT : OVERFLOW_TAKE_MESSAGE },
      }),
    );
  return targets;
};
