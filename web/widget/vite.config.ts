import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

// The gateway serves dist/ below /widget/ and dist/widget.js also as /widget.js.
export default defineConfig({
  base: '/widget/',
  plugins: [preact()],
  build: { target: 'es2022', modulePreload: { polyfill: false }, assetsInlineLimit: 0 },
});
