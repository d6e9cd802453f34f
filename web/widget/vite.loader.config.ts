import { defineConfig } from 'vite';

// The loader keeps its name: customers' pages point to it.
export default defineConfig({
  build: {
    target: 'es2023',
    emptyOutDir: false,
    lib: {
      entry: 'src/loader/main.ts',
      formats: ['iife'],
      name: 'ParleyLoader',
      fileName: () => 'widget.js',
    },
  },
});
