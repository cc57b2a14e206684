import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { formatOutcomes, readOutcome } from './test-summary.ts'

const folder = mkdtempSync(join(tmpdir(), 'tagger-summary-'))
afterAll(() => rmSync(folder, { recursive: true }))

function summary(content: string): string {
  const file = join(folder, 'summary.json')
  writeFileSync(file, content)
  return file
}

describe('readOutcome', () => {
  test('takes the counts a runner wrote', () => {
    const file = summary('{"passed":3,"failed":1,"skipped":2}')
    expect(readOutcome('vitest', file, 1, 0)).toMatchObject({ passed: 3, failed: 1, skipped: 2, notes: [] })
  })

  test('counts a runner without a summary as failed, even when it ended well', () => {
    expect(readOutcome('hardhat', join(folder, 'absent.json'), 0, 0)).toMatchObject({ passed: 0, failed: 1 })
  })

  test.each([
    '',
    'null',
    '{"passed":"3"}',
    '{"passed":3,"failed":-1,"skipped":0}',
  ])('counts the broken summary %j as failed', (content) => {
    expect(readOutcome('hardhat', summary(content), 0, 0)).toMatchObject({ passed: 0, failed: 1 })
  })

  test('counts a crash after the last test as failed', () => {
    const file = summary('{"passed":3,"failed":0,"skipped":0}')
    expect(readOutcome('e2e', file, 139, 0)).toMatchObject({ passed: 3, failed: 1 })
  })
})

describe('formatOutcomes', () => {
  const outcome = {
    runner: 'vitest',
    seconds: 1,
    notes: [],
    passed: 3,
    failed: 0,
    skipped: 1,
    skippedTests: [],
    failedTests: [],
    retriedTests: [],
  }

  test('ends with the sums alone on the last line', () => {
    const lines = formatOutcomes([outcome, { ...outcome, runner: 'hardhat', failed: 2 }]).split('\n')
    expect(lines.at(-1)).toBe('6 passed, 2 failed, 2 skipped')
  })

  test('names every skipped test with its reason', () => {
    const skippedTests = [{ name: 'reads S3', reason: 'no S3 here' }]
    expect(formatOutcomes([{ ...outcome, skippedTests }])).toContain('reads S3: no S3 here')
    expect(formatOutcomes([outcome])).toContain('1 more, not named by their runner')
  })

  test('names every failed test with what was wrong, the last thing before the table', () => {
    const failedTests = [{ name: 'pays once', reason: 'expected 2 to be 1' }]
    const shown = formatOutcomes([{ ...outcome, failed: 3, failedTests }])
    expect(shown).toContain('Failed:\n  pays once: expected 2 to be 1\n  2 more, not named by their runner')
    expect(formatOutcomes([outcome])).not.toContain('Failed:')
    const retriedTests = [{ name: 'pays twice', reason: 'no answer in time' }]
    expect(formatOutcomes([{ ...outcome, retriedTests }])).toContain(
      'Passed only when tried again:\n  pays twice: no answer in time',
    )
  })

  test('says nothing passed when nothing ran', () => {
    expect(formatOutcomes([]).split('\n').at(-1)).toBe('0 passed, 0 failed, 0 skipped')
  })
})
