// Specs, and the suites that several specs share.
const spec = '\\.spec\\.tsx?$|/src/testing/';
const domain = '^services/.+/domain(\\.ts$|/)';
const api = '^services/.+/api(\\.ts$|/)';
const store = '^services/.+/store(\\.ts$|/)';
const main = '^services/.+/main\\.ts$';

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

/** The import rules of ARCHITECTURE.md. Each comment tells the fix. */
export default {
  forbidden: [
    rule(
      'kernel-is-pure',
      'libs/kernel imports nothing but itself, no node:* either: let the caller pass in what it needs.',
      { path: '^libs/kernel/src/', pathNot: spec },
      { pathNot: '^libs/kernel/src/' },
    ),
    rule(
      'contracts-is-a-leaf',
      'libs/contracts holds generated code and names: move what needs another library to that library.',
      { path: '^libs/contracts/' },
      { path: '^(libs|services|web)/', pathNot: '^libs/(contracts|kernel)/' },
    ),
    rule(
      'domain-is-pure',
      'A domain imports only @parley/kernel, @parley/contracts and its own domain files: do the rest in store.ts, api.ts or main.ts and pass it in.',
      { path: domain, pathNot: spec },
      { pathNot: [domain, '^libs/(kernel|contracts)/'] },
    ),
    rule(
      'service-imports-service',
      'A service never imports a service: call it by its contract (gRPC or a command), or move what both need to libs/.',
      { path: '^services/([^/]+)/' },
      { path: '^services/', pathNot: '^services/$1/' },
    ),
    rule(
      'library-imports-service',
      'Libraries and web apps know no service: move what both need to libs/, or pass it in.',
      { path: '^(libs|web)/' },
      { path: '^services/' },
    ),
    rule(
      'api-imports-store',
      'api.ts and store.ts meet only in main.ts: declare in api.ts the narrow interface it needs; main.ts passes the store in.',
      { path: api, pathNot: spec },
      { path: store },
    ),
    rule(
      'only-main-imports-api',
      'Only main.ts wires api.ts to the rest: move what both need to a file of its own.',
      { path: '^services/', pathNot: [main, api, spec] },
      { path: api },
    ),
    rule(
      'nats-only-in-messaging-and-eventlog',
      'Only libs/messaging and libs/eventlog import @nats-io/*: use what they export, or extend them.',
      { path: '^(libs|services|web|e2e|tools)/', pathNot: '^libs/(messaging|eventlog)/' },
      { path: 'node_modules/@nats-io/' },
    ),
    rule(
      'mongodb-only-in-store',
      'Only libs/store imports mongodb: use its Collection interface.',
      { path: '^(libs|services|web|e2e|tools)/', pathNot: '^libs/store/' },
      { path: 'node_modules/mongodb/' },
    ),
    rule(
      'web-uses-client-only',
      'Web apps reach the platform through @parley/client (and @parley/kernel for pure helpers): no other library runs in a browser.',
      { path: '^web/[^/]+/src/', pathNot: spec },
      { path: '^libs/', pathNot: '^libs/kernel/' },
    ),
    rule(
      'web-has-no-node',
      'What runs in a browser imports no node:*: use the web API of the same purpose.',
      { path: '^web/[^/]+/src/', pathNot: spec },
      { dependencyTypes: ['core'] },
    ),
    rule(
      'testkit-only-in-tests',
      'libs/testkit is for tests: move what the product needs to another library.',
      { path: '^(libs|services|web)/', pathNot: [spec, '^libs/testkit/'] },
      { path: '^libs/testkit/' },
    ),
    rule(
      'workspace-by-name',
      'Another workspace is imported by its name (@parley/<name>), never by a relative path.',
      { path: '^(libs|services|web)/([^/]+)/' },
      { path: '^(libs|services|web)/', pathNot: '^$1/$2/', dependencyTypes: ['local'] },
    ),
    rule(
      'package-is-declared',
      'Declare the package in the package.json of the workspace that imports it, under dependencies: bundles leave it external and images install what is declared.',
      { path: '^(libs|services)/', pathNot: [spec, '^libs/testkit/'] },
      { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], dependencyTypesNot: ['type-only'] },
    ),
    rule('import-resolves', 'Correct the path, or run npm install.', {}, { couldNotResolve: true }),
    rule(
      'no-cycle',
      'Move what both files need, types too, to a third: cycles fail at run time in ESM when classes are involved.',
      {},
      { circular: true },
    ),
  ],
  options: {
    doNotFollow: { path: 'node_modules' },
    exclude: { path: ['^(libs|services|web)/[^/]+/dist/', '^(libs|web)/[^/]+/src/gen/'] },
    tsPreCompilationDeps: true,
    combinedDependencies: false,
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
};
