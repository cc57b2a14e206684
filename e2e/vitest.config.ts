import { join } from 'node:path'
import { configDefaults, defineConfig } from 'vitest/config'

const deep = process.env.TAGGER_TEST_DEEP === '1'

export default defineConfig({
  root: join(import.meta.dirname, '..'),
  test: {
    name: 'e2e',
    include: ['e2e/**/*.test.ts'],
    exclude: [...configDefaults.exclude, ...(deep ? [] : ['**/*.deep.test.*'])],
    pool: 'forks',
    // One browser and one network at a time.
    fileParallelism: false,
    testTimeout: deep ? 1_200_000 : 300_000,
    hookTimeout: 300_000,
  },
})
