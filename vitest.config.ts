import { availableParallelism } from 'node:os'
import { configDefaults, defineConfig } from 'vitest/config'

const deep = process.env.TAGGER_TEST_DEEP === '1'
const exclude = [...configDefaults.exclude, ...(deep ? [] : ['**/*.deep.test.*'])]
const nodeTests = ['packages/node/{src,test}/**/*.test.ts']
// Ends what hangs; a busy machine alone takes many times what a test needs.
const hangs = deep ? 600_000 : 120_000
/** Files share a process, one after the other: loading the node and its database anew costs more than most tests do. */
const shared = { isolate: false, testTimeout: hangs, hookTimeout: 180_000 }

export default defineConfig({
  test: {
    pool: 'forks',
    // One more than there are cores, as live tests wait for clocks much of the time. Every node test holds a database of
    // some 500 MB: more workers than this only fight for memory.
    maxWorkers: Math.min(4, availableParallelism() + 1),
    // Where nobody watches, what a busy machine let fail is tried once more; the end of `npm test` names it.
    retry: process.env.CI ? 1 : 0,
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'packages/{protocol,formats,sdk,cli,web}/{src,test}/**/*.test.{ts,tsx}',
            '{tools,bench}/**/*.test.ts',
          ],
          exclude,
          testTimeout: hangs,
          hookTimeout: 60_000,
        },
      },
      {
        extends: true,
        test: {
          name: 'node',
          include: nodeTests,
          exclude,
          ...shared,
        },
      },
      {
        extends: true,
        test: {
          name: 'node-postgres',
          include: nodeTests,
          exclude,
          ...shared,
          globalSetup: ['tools/postgres.ts'],
          setupFiles: ['tools/postgres.setup.ts'],
        },
      },
    ],
  },
})
