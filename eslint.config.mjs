import reactHooks from 'eslint-plugin-react-hooks';
import { defineConfig, globalIgnores } from 'eslint/config';
import tseslint from 'typescript-eslint';

const typescript = ['**/*.ts', '**/*.tsx'];
const toolConfigs = ['**/*.config.ts', '**/*.config.mts'];
const pure = ['services/*/src/**/domain.ts', 'services/*/src/**/domain/**/*.ts'];
const specs = ['**/*.spec.ts', '**/*.spec.tsx'];

const nodeGlobals = Object.fromEntries(
  Object.getOwnPropertyNames(globalThis).map((name) => [name, 'readonly']),
);

const impure = [
  {
    selector:
      "CallExpression[callee.object.name='Date'][callee.property.name='now'], NewExpression[callee.name='Date'][arguments.length=0]",
    message: 'Pure code is given the time in the command: take it from there.',
  },
  {
    selector:
      "MemberExpression[object.name='Math'][property.name='random'], MemberExpression[object.name='crypto']",
    message: 'Pure code is given ids and chance in the command: take them from there.',
  },
];
const asynchronous = {
  selector: ':function[async=true], AwaitExpression, NewExpression[callee.name="Promise"]',
  message: 'A domain decides and evolves synchronously: move the waiting to store.ts or main.ts.',
};

export default defineConfig(
  globalIgnores(['**/dist/', '**/.cache/', '.nx/', '.parley/', 'coverage/', 'test-results/', '**/src/gen/']),
  {
    linterOptions: { noInlineConfig: true },
    rules: {
      'max-lines': ['error', { max: 350, skipBlankLines: false, skipComments: false }],
      eqeqeq: ['error', 'always', { null: 'ignore' }],
      'no-var': 'error',
      'prefer-const': 'error',
    },
  },
  {
    files: typescript,
    ignores: toolConfigs,
    extends: [tseslint.configs.recommendedTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': 'error',
      '@typescript-eslint/switch-exhaustiveness-check': 'error',
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      // An async function without await still turns what it throws into a rejection, as its interface promises.
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    files: ['libs/*/src/**/*.ts', 'services/*/src/**/*.ts'],
    ignores: ['**/config.ts', '**/config/*.ts', 'libs/testkit/**', ...specs],
    rules: {
      'no-restricted-properties': [
        'error',
        {
          object: 'process',
          property: 'env',
          message: 'Only config.ts reads the environment: pass the value in.',
        },
      ],
    },
  },
  { files: pure, ignores: specs, rules: { 'no-restricted-syntax': ['error', ...impure, asynchronous] } },
  { files: ['web/**/*.ts', 'web/**/*.tsx'], extends: [reactHooks.configs.flat.recommended] },
  { files: toolConfigs, extends: [tseslint.configs.recommended] },
  { files: ['**/*.mjs', '**/*.js', '**/*.cjs'], extends: [tseslint.configs.recommended] },
  {
    files: ['*.mjs', 'scripts/**/*.mjs', 'tools/**/*.mjs', 'e2e/**/*.mjs'],
    languageOptions: { globals: nodeGlobals },
    rules: { 'no-undef': 'error' },
  },
  {
    files: ['**/*.cjs'],
    languageOptions: { sourceType: 'commonjs', globals: nodeGlobals },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
);
