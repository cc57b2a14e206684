import { existsSync, readFileSync } from 'node:fs'

/** What every test runner writes to the file named by TAGGER_TEST_SUMMARY. */
export type Summary = {
  passed: number
  failed: number
  skipped: number
  skippedTests?: NamedTest[]
  failedTests?: NamedTest[]
  /** Passed, but not at the first attempt. */
  retriedTests?: NamedTest[]
}

type NamedTest = { name: string; reason?: string }

/** The outcome of one runner as it is shown and added up. */
export type Outcome = Required<Summary> & { runner: string; seconds: number; notes: string[] }

/** Reads a runner's summary; one that crashed, or left none, has at least one failure. */
export function readOutcome(runner: string, file: string, exitCode: number, seconds: number): Outcome {
  const notes: string[] = []
  const summary = readSummary(file)
  const counts = {
    passed: 0,
    failed: 0,
    skipped: 0,
    skippedTests: [],
    failedTests: [],
    retriedTests: [],
    ...summary,
  }
  if (!summary) notes.push(`${runner} left no summary (exit code ${exitCode}): counted as a failure`)
  else if (exitCode !== 0 && counts.failed === 0) {
    notes.push(`${runner} ended with exit code ${exitCode} though no test failed: counted as a failure`)
  }
  if (notes.length > 0) counts.failed = Math.max(1, counts.failed)
  return { runner, seconds, notes, ...counts }
}

function readSummary(file: string): Summary | undefined {
  if (!existsSync(file)) return undefined
  try {
    const value = JSON.parse(readFileSync(file, 'utf8'))
    const counts = [value?.passed, value?.failed, value?.skipped]
    return counts.every((count) => Number.isSafeInteger(count) && count >= 0) ? value : undefined
  } catch {
    return undefined
  }
}

/** What was skipped, tried again and what failed by name, the table, and the closing line, which stands alone at the end. */
export function formatOutcomes(outcomes: readonly Outcome[]): string {
  const sum = (key: 'passed' | 'failed' | 'skipped') =>
    outcomes.reduce((total, outcome) => total + outcome[key], 0)
  const rows = outcomes.map((outcome) =>
    [outcome.passed, outcome.failed, outcome.skipped, `${outcome.seconds.toFixed(1)} s`]
      .map((cell) => String(cell).padStart(9))
      .reduce((line, cell) => line + cell, outcome.runner.padEnd(10)),
  )
  const named = (key: 'skippedTests' | 'retriedTests' | 'failedTests') =>
    outcomes.flatMap((outcome) => outcome[key])
  const notes = outcomes.flatMap((outcome) => outcome.notes)
  return [
    '',
    ...namesOf('Skipped:', named('skippedTests'), sum('skipped')),
    ...namesOf('Passed only when tried again:', named('retriedTests')),
    ...namesOf('Failed:', named('failedTests'), sum('failed') - notes.length),
    ...notes.map((note) => `✗ ${note}`),
    '',
    `${' '.repeat(10)}${['passed', 'failed', 'skipped', 'time'].map((title) => title.padStart(9)).join('')}`,
    ...rows,
    '',
    `${sum('passed')} passed, ${sum('failed')} failed, ${sum('skipped')} skipped`,
  ].join('\n')
}

function namesOf(title: string, tests: readonly NamedTest[], count = tests.length): string[] {
  if (count === 0) return []
  const unnamed = count - tests.length
  return [
    title,
    ...tests.map(({ name, reason }) => `  ${name}: ${reason || 'no reason given'}`),
    ...(unnamed > 0 ? [`  ${unnamed} more, not named by their runner: see above`] : []),
  ]
}
