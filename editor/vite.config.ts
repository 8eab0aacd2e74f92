import tailwind from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { compileCatalogues } from './i18n/compile-catalogues.ts'

/** The server of `npm start`; `npm run dev` talks to it. */
const server = process.env['PATCHBAY_DEV_SERVER'] ?? 'http://127.0.0.1:4747'
const proxied = ['/api', '/hooks', '/v1', '/auth', '/openapi.json', '/healthz']

export default defineConfig({
  root: import.meta.dirname,
  plugins: [compileCatalogues(), react(), tailwind()],
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2023',
    // Fonts stay files: inlined ones would be loaded without need.
    assetsInlineLimit: 0,
    // all-icons.ts is one chunk on purpose; it loads when a node names an icon that we don't ship.
    chunkSizeWarningLimit: 800,
  },
  server: {
    host: '127.0.0.1',
    proxy: Object.fromEntries(proxied.map((path) => [path, { target: server, changeOrigin: true }])),
  },
})
