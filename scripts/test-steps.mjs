const npm = (name) => ({ name, command: ['npm', 'run', '--silent', name] });

const jest = (selection) => {
  const results = `.cache/test-results/${selection}.json`;
  const command = ['npm', 'run', '--silent', selection === 'unit' ? 'test:unit' : 'test:int', '--'];
  return { name: selection, results, command: [...command, '--json', '--outputFile', results] };
};

/**
 * What `npm test` runs, in this order. Add a step with its command; how its tests are counted is told in
 * lib/steps.mjs: end your output with the line `N passed, N failed`, or name jest's `results`.
 */
export const testSteps = [
  jest('unit'),
  jest('integration'),
  {
    name: 'simulate',
    command: [
      'npm',
      'run',
      '--silent',
      'test:simulate',
      '--',
      '--schedules',
      '3000',
      '--seed',
      '1',
      '--minutes',
      '3',
    ],
  },
  { name: 'mutations', command: ['npm', 'run', '--silent', 'test:mutations', '--', '--schedules', '1500'] },
  npm('build'), // for the steps below: each starts a platform of its own
  { name: 'browser', command: ['npm', 'run', '--silent', 'test:e2e'] },
  { name: 'hostile', command: ['npm', 'run', '--silent', 'test:hostile'] },
  { name: 'telemetry', command: ['npm', 'run', '--silent', 'test:telemetry'] },
  npm('test:launcher'),
  npm('test:replay'),
  npm('test:mongodb'),
  npm('test:dashboards'),
  npm('test:backup'),
  npm('test:faults'),
];

/** What `npm run verify` and CI check before the tests. */
export const staticChecks = [
  'format:check',
  'lint',
  'boundaries',
  'types',
  'proto:lint',
  'proto:breaking',
  'generate:check',
  'docs:check',
  'dashboards:check',
  'build',
].map(npm);
