/**
 * Runs the TypeScript and the Solidity tests, all of them or the files named as arguments.
 * Writes `{passed, failed, skipped}` to the path in TAGGER_TEST_SUMMARY, if set.
 */
import { writeFile } from 'node:fs/promises'
import { relative } from 'node:path'
import hre from 'hardhat'

type Counts = { passed: number; failed: number; skipped: number }
type Report = {
  summary: Counts & { failureOutput?: string }
  /** Only of Solidity tests, whose summary is empty when the run is not started by Hardhat's own command. */
  suiteResults?: { testResults: { status: 'Success' | 'Failure' | 'Skipped' }[] }[]
}

const { root } = hre.config.paths
process.chdir(root)
const named = process.argv.slice(2).map((file) => relative(root, file))

const reports: Report[] = []
await hre.tasks.getTask('build').run({ noTests: true, quiet: true })
for (const [task, extension] of [
  ['nodejs', '.ts'],
  ['solidity', '.sol'],
] as const) {
  const testFiles = named.filter((file) => file.endsWith(extension))
  if (named.length > 0 && testFiles.length === 0) continue
  const outcome = await hre.tasks.getTask(['test', task]).run({ testFiles, noCompile: true })
  reports.push(outcome.success ? outcome.value : outcome.error)
}

const total: Counts = { passed: 0, failed: 0, skipped: 0 }
for (const report of reports) {
  const { passed, failed, skipped } = countsOf(report)
  total.passed += passed
  total.failed += failed
  total.skipped += skipped
  if (report.summary.failureOutput) console.log(report.summary.failureOutput)
}
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`)
if (process.env.TAGGER_TEST_SUMMARY) await writeFile(process.env.TAGGER_TEST_SUMMARY, JSON.stringify(total))
process.exit(total.failed === 0 && total.passed > 0 ? 0 : 1)

function countsOf({ summary, suiteResults }: Report): Counts {
  if (suiteResults === undefined) return summary
  const statuses = suiteResults.flatMap(({ testResults }) => testResults.map(({ status }) => status))
  const count = (wanted: string) => statuses.filter((status) => status === wanted).length
  return { passed: count('Success'), failed: count('Failure'), skipped: count('Skipped') }
}
