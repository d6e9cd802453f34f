// Runs a tool written in TypeScript: `node scripts/run.mjs tools/<tool>/main.ts ARGS…`.
import { spawn } from 'node:child_process';
import { join, resolve } from 'node:path';
import { bundleTool } from './lib/bundle-tool.mjs';
import { root } from './lib/process.mjs';

const [entry, ...args] = process.argv.slice(2);
if (!entry) {
  console.error('Name the tool to run, such as: node scripts/run.mjs tools/replay/main.ts');
  process.exit(1);
}
const name = resolve(entry)
  .slice(root.length + 1)
  .replace(/\W+/g, '-');
const outfile = join(root, '.cache/tools', `${name}.mjs`);
await bundleTool(entry, outfile).catch(() => process.exit(1));
const child = spawn(process.execPath, ['--enable-source-maps', outfile, ...args], {
  stdio: 'inherit',
  cwd: root,
});
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('close', (code) => process.exit(code ?? 1));
