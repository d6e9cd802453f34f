/** Puts the page of the local mailbox into dist/: one script, one style sheet with the design tokens, the page. */
import { copyFileSync, mkdirSync, rmSync } from 'node:fs';
import { build } from 'esbuild';

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist', { recursive: true });
copyFileSync('src/index.html', 'dist/index.html');
await build({
  entryPoints: ['src/mailbox.ts', 'src/mailbox.css'],
  outdir: 'dist',
  bundle: true,
  minify: true,
  format: 'esm',
  target: 'es2022',
  // The page does without the web font: it shows plain mails to whoever runs the platform.
  logLevel: 'warning',
}).catch(() => process.exit(1)); // esbuild has printed what is wrong
