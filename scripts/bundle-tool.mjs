// Bundles a tool for where the repository is not: `node scripts/bundle-tool.mjs tools/<tool>/main.ts OUTFILE`.
import { bundleTool } from './lib/bundle-tool.mjs';

const [entry, outfile] = process.argv.slice(2);
if (!entry || !outfile) {
  console.error('Name the tool and the file: node scripts/bundle-tool.mjs tools/check/main.ts check.mjs');
  process.exit(1);
}
await bundleTool(entry, outfile).catch(() => process.exit(1));
