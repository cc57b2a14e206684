/**
 * Runs the Solidity and the TypeScript tests, all of them or the files named as arguments.
 * Writes `{passed, failed, skipped}` to the path in TAGGER_TEST_SUMMARY, if set.
 */
import { writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import hre from 'hardhat'

type Counts = { passed: number; failed: number; skipped: number }
type Outcome = { success: boolean; value?: { summary: Summary }; error?: { summary: Summary } }
type Summary = Counts & { failureOutput?: string }

const root = hre.config.paths.root
process.chdir(root)
const named = process.argv.slice(2).map((file) => relative(root, file))
const total: Counts = { passed: 0, failed: 0, skipped: 0 }

await hre.tasks.getTask('build').run({ noTests: true, quiet: true })
for (const { task, extension } of [
  { task: 'nodejs', extension: '.ts' },
  { task: 'solidity', extension: '.sol' },
]) {
  const testFiles = named.filter((file) => file.endsWith(extension))
  if (named.length > 0 && testFiles.length === 0) continue
  const outcome: Outcome = await hre.tasks.getTask(['test', task]).run({ testFiles, noCompile: true })
  const summary = (outcome.value ?? outcome.error)?.summary
  if (summary === undefined) throw new Error(`The ${task} tests ended without a summary`)
  if (summary.failureOutput) console.log(summary.failureOutput)
  total.passed += summary.passed
  total.failed += summary.failed
  total.skipped += summary.skipped
}

console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
if (process.env.TAGGER_TEST_SUMMARY) await writeFile(process.env.TAGGER_TEST_SUMMARY, JSON.stringify(total))
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1)
