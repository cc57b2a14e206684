/** `npm run check`: everything that can be said about the code without running it. */
import { existsSync, globSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { run } from './run.mjs'

type Step = { name: string; script: string; args?: string[]; cwd?: string }
type Failure = { name: string; output: string }

const root = join(import.meta.dirname, '..')

const steps: Step[] = [
  generatedIsFresh('contracts', 'ABI and bytecode'),
  {
    name: 'format and lint',
    script: 'node_modules/@biomejs/biome/bin/biome',
    args: ['check', '--error-on-warnings'],
  },
  ...globSync('{packages/*,e2e,bench,tools}/tsconfig*.json', { cwd: root })
    .sort()
    .map((project) => ({
      name: `types: ${project.replace(/\/tsconfig\.json$/, '')}`,
      script: 'node_modules/typescript/bin/tsc',
      args: ['--noEmit', '-p', project],
    })),
  { name: 'import rules', script: 'tools/import-rules.ts' },
  ...(existsSync(join(root, 'packages/node/scripts/generate.ts'))
    ? [generatedIsFresh('node', '.env.example and OpenAPI')]
    : []),
]

const failures: Failure[] = []
const queue = steps.values()
const workers = Math.min(4, availableParallelism())
await Promise.all(
  Array.from({ length: workers }, async () => {
    for (const step of queue) await runStep(step)
  }),
)
for (const { name, output } of failures) console.log(`\n── ${name} ──\n${output.trimEnd()}`)
console.log(
  failures.length === 0 ? '\nAll is well.' : `\n${failures.length} of ${steps.length} checks failed.`,
)
process.exitCode = failures.length === 0 ? 0 : 1

function generatedIsFresh(name: string, what: string): Step {
  const cwd = `packages/${name}`
  return { name: `generated: ${what}`, script: `${cwd}/scripts/generate.ts`, args: ['--check'], cwd }
}

async function runStep({ name, script, args = [], cwd = '' }: Step): Promise<void> {
  const start = performance.now()
  const { code, output } = await run(process.execPath, [join(root, script), ...args], {
    capture: true,
    cwd: join(root, cwd),
  })
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${code === 0 ? '✓' : '✗'} ${name} (${seconds} s)`)
  if (code !== 0) failures.push({ name, output })
}
