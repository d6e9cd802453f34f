import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const gateway = 'http://127.0.0.1:8080';

export default defineConfig({
  base: '/desk/',
  plugins: [react()],
  // The page policy allows no data: fonts.
  build: { target: 'es2024', assetsInlineLimit: 0 },
  server: { proxy: { '/ws': { target: gateway, ws: true }, '^/parley\\.': gateway } },
});
