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
    }
    for (const module of modules) {
      const failedBefore = total.failed
      for (const test of module.children.allTests()) {
        const result = test.result()
        if (result.state === 'passed') total.passed++
        else if (result.state === 'failed') total.failed++
        else {
          total.skipped++
          const name = `[${module.project.name}] ${module.relativeModuleId} > ${test.fullName}`
          total.skippedTests.push({ name, reason: result.state === 'skipped' ? result.note : 'it never ran' })
        }
      }
      // A file that cannot be loaded or set up has no failed test, but it has failed.
      if (module.state() === 'failed' && total.failed === failedBefore) total.failed++
    }
    const file = process.env.TAGGER_TEST_SUMMARY
    if (file) writeFileSync(file, JSON.stringify(total))
  }
}
