import { existsSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';

const libs = ['kernel', 'contracts', 'eventlog', 'store', 'messaging', 'telemetry', 'service', 'testkit'];

const project = {
  rootDir: import.meta.dirname,
  roots: ['libs', 'services', 'web', 'e2e', 'tools']
    .map((folder) => join(import.meta.dirname, folder))
    .filter((folder) => existsSync(folder)),
  modulePathIgnorePatterns: ['/dist/'],
  cacheDirectory: '<rootDir>/.cache/jest',
  testEnvironment: 'node',
  extensionsToTreatAsEsm: ['.ts', '.tsx'],
  resolver: '<rootDir>/scripts/jest/resolver.cjs',
  moduleNameMapper: {
    [`^@parley/(${libs.join('|')})$`]: '<rootDir>/libs/$1/src/index.ts',
    '^@parley/client$': '<rootDir>/web/client/src/index.ts',
  },
  transform: {
    '\\.tsx?$': [
      '@swc/jest',
      {
        sourceMaps: 'inline',
        module: { type: 'es6' },
        jsc: {
          target: 'es2024',
          parser: { syntax: 'typescript', tsx: false, decorators: true },
          transform: { legacyDecorator: true, decoratorMetadata: true },
        },
      },
    ],
  },
};

export default {
  rootDir: import.meta.dirname,
  maxWorkers: Math.min(2, availableParallelism()),
  projects: [
    {
      ...project,
      displayName: 'unit',
      testRegex: ['(?<!\\.int)\\.spec\\.ts$'],
    },
    {
      ...project,
      displayName: 'integration',
      testRegex: ['\\.int\\.spec\\.ts$'],
      globalSetup: '<rootDir>/scripts/jest/integration-setup.mjs',
      globalTeardown: '<rootDir>/scripts/jest/integration-teardown.mjs',
    },
  ],
};
