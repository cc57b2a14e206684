import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  plugins: [react()],
  build: {
    outDir: 'dist',
    target: 'es2023',
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      // Our own packages do nothing on import: what a page does not use of them stays out of its first load.
      treeshake: {
        moduleSideEffects: (id) => !/[/\\\\](?:protocol|sdk|contracts)[/\\\\](?:src|abi)[/\\\\]/.test(id),
      },
    },
  },
  worker: { format: 'es' },
  server: {
    proxy: { '/api': process.env.TAGGER_NODE_URL ?? 'http://127.0.0.1:4747' },
  },
})
