/**
 * `npm test [-- word]`: runs every test runner, the contracts' beside the browser's, and ends with one line of counts.
 * With a word somebody works on that part and waits: the contracts' invariants then run through 4 histories instead of
 * the 256 of every run without a word (1,000 in `npm run test:deep`), and the node's tests on its own database only, not
 * on PostgreSQL as well and, for the whole room, without those that kill nodes. Nothing else differs.
 */
import { globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { parseArgs } from 'node:util'
import { run } from './run.mjs'
import { selectFiles, withoutFaults } from './test-selection.ts'
import { formatOutcomes, type Outcome, readOutcome } from './test-summary.ts'

type Runner = {
  name: string
  /** Runs while the one before it does, which mostly waits for a browser; what it says is shown when it has ended. */
  isBeside?: boolean
  files: string[]
  /** The command line for some of its files, or for all of them when none are named. */
  command: (files: string[]) => { program: string; args: string[] }
}

const root = join(import.meta.dirname, '..')
const { values, positionals } = parseArgs({ options: { deep: { type: 'boolean' } }, allowPositionals: true })
const word = positionals[0]
const deep = values.deep ?? process.env.TAGGER_TEST_DEEP === '1'
const quick = word !== undefined && !deep

const runners: Runner[] = [
  {
    name: 'vitest',
    files: find(
      'packages/{protocol,formats,sdk,node,cli,web}/{src,test}/**/*.test.{ts,tsx}',
      '{tools,bench}/**/*.test.ts',
    ),
    command: (files) => {
      const isNode = files.some((file) => file.startsWith('packages/node/'))
      if (!quick || !isNode) return vitest(files)
      console.log(
        'The node runs on its own database here; on PostgreSQL too in `npm test` without a word and in `npm run test:deep`.',
      )
      return vitest(files, '--project', 'unit', '--project', 'node')
    },
  },
  {
    name: 'e2e',
    files: find('e2e/**/*.test.ts'),
    command: (files) => vitest(files, '--config', 'e2e/vitest.config.ts'),
  },
  {
    name: 'hardhat',
    isBeside: true,
    files: find('packages/contracts/{src,test}/**/*.{t.sol,test.ts}'),
    command: (files) => {
      const named = files.map((file) => relative('packages/contracts', file))
      if (quick)
        console.log('Invariants run through 4 histories here, through 256 in `npm test` without a word.')
      return { program: 'npm', args: ['run', '--silent', 'test', '-w', '@tagger/contracts', '--', ...named] }
    },
  },
]

const scratch = mkdtempSync(join(tmpdir(), 'tagger-test-'))
process.once('exit', () => rmSync(scratch, { recursive: true, force: true }))
const outcomes: Outcome[] = []
let running: Promise<Outcome>[] = []
for (const runner of runners) {
  if (!runner.isBeside) await ended()
  const { kept: files, left } = quick
    ? withoutFaults(selectFiles(runner.files, word), word)
    : { kept: selectFiles(runner.files, word), left: [] }
  if (left.length > 0)
    console.log(
      `Left out here, because they kill and restart nodes; name one to run it:\n  ${left.join('\n  ')}`,
    )
  if (files.length > 0) running.push(runTests(runner, files.length === runner.files.length ? [] : files))
}
await ended()
if (outcomes.length === 0)
  console.error(word ? `No test file has "${word}" in its path.` : 'There are no tests.')
console.log(formatOutcomes(outcomes))
process.exitCode =
  outcomes.some(({ failed }) => failed > 0) || !outcomes.some(({ passed }) => passed > 0) ? 1 : 0

/** Waits for what runs. */
async function ended(): Promise<void> {
  outcomes.push(...(await Promise.all(running)))
  running = []
}

async function runTests(runner: Runner, files: string[]): Promise<Outcome> {
  const title = `\n── ${runner.name} ──`
  // Alone it is shown as it goes.
  const capture = runner.isBeside === true && running.length > 0
  console.log(capture ? `${title} beside` : title)
  const summary = join(scratch, `${runner.name}.json`)
  const { program, args } = runner.command(files)
  const depth = { TAGGER_TEST_DEEP: deep ? '1' : '0', TAGGER_TEST_QUICK: quick ? '1' : '0' }
  const env = { ...process.env, ...depth, TAGGER_TEST_SUMMARY: summary }
  const start = performance.now()
  const { code, output } = await run(program, args, { cwd: root, env, capture })
  if (capture) console.log(`${title}\n${output}`)
  return readOutcome(runner.name, summary, code, (performance.now() - start) / 1000)
}

function vitest(files: string[], ...options: string[]): { program: string; args: string[] } {
  const script = join(root, 'node_modules/vitest/vitest.mjs')
  const reporters = ['--reporter=default', `--reporter=${join(root, 'tools/test-reporter.ts')}`]
  return { program: process.execPath, args: [script, 'run', ...options, ...reporters, ...files] }
}

function find(...patterns: string[]): string[] {
  const found = globSync(patterns, { cwd: root, exclude: ['**/node_modules/**'] }).sort()
  return deep ? found : found.filter((file) => !/\.deep\.test\.tsx?$/.test(file))
}
