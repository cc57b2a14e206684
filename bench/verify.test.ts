import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Measurement } from './verify/measure.ts'

const folder = mkdtempSync(join(tmpdir(), 'tagger-verify-test-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const run = (script: string, ...args: string[]) =>
  execFileSync(process.execPath, [join(import.meta.dirname, script), ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })

test('the benchmark in small: what is made verifies, within memory; a byte changed does not', () => {
  const size = ['--records', '1000', '--workers', '10', '--batches', '2']
  run('../packages/node/test/bench/signed-campaign.ts', ...size, '--out', folder)
  const measured = JSON.parse(run('verify/measure.ts', folder)) as Measurement
  expect(measured).toMatchObject({ records: 1000, workers: 10, batches: 2 })
  expect(measured.peakMiB).toBeLessThan(400)

  const last = join(folder, '1.car')
  const car = readFileSync(last)
  car[car.length - 1]! ^= 1
  writeFileSync(last, car)
  expect(() => run('verify/measure.ts', folder)).toThrow(/should verify, but/)
}, 60_000)
