import { writeFileSync } from 'node:fs'
import type { Reporter, TestModule } from 'vitest/node'
import type { Summary } from './test-summary.ts'

/** Writes the counts of a vitest run to the file named by TAGGER_TEST_SUMMARY. */
export default class SummaryReporter implements Reporter {
  onTestRunEnd(modules: ReadonlyArray<TestModule>, unhandledErrors: ReadonlyArray<unknown>): void {
    const total: Required<Summary> = {
      passed: 0,
      failed: unhandledErrors.length,
      skipped: 0,
      skippedTests: [],
      retriedTests: [],
      failedTests: unhandledErrors.map((error) => ({ name: 'outside of any test', reason: reasonOf(error) })),
    }
    for (const module of modules) {
      const failedBefore = total.failed
      const place = `[${module.project.name}] ${module.relativeModuleId}`
      for (const test of module.children.allTests()) {
        const result = test.result()
        const name = `${place} > ${test.fullName}`
        if (result.state === 'passed') {
          total.passed++
          if (test.diagnostic()?.flaky) {
            total.retriedTests.push({ name, reason: reasonOf(result.errors?.[0]) })
          }
        } else if (result.state === 'failed') {
          total.failed++
          total.failedTests.push({ name, reason: reasonOf(result.errors[0]) })
        } else {
          total.skipped++
          total.skippedTests.push({ name, reason: result.state === 'skipped' ? result.note : 'it never ran' })
        }
      }
      // A file that cannot be loaded or set up has no failed test, but it has failed.
      if (module.state() === 'failed' && total.failed === failedBefore) {
        total.failed++
        total.failedTests.push({ name: place, reason: reasonOf(module.errors()[0]) })
      }
    }
    const file = process.env.TAGGER_TEST_SUMMARY
    if (file) writeFileSync(file, JSON.stringify(total))
  }
}

/** The first line of an error. */
function reasonOf(error: unknown): string {
  const message = (error as { message?: unknown } | undefined)?.message
  return String(message ?? error ?? 'no reason given').split('\n', 1)[0]!
}
