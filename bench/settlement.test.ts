import { execFileSync } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const CONTRACTS = join(import.meta.dirname, '../packages/contracts')

function measure(records: number, isExecuted: boolean) {
  const args = ['scripts/settlement.ts', String(records), String(isExecuted)]
  const output = execFileSync(process.execPath, args, {
    cwd: CONTRACTS,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return JSON.parse(output.trim().split('\n').at(-1)!)
}

test('the benchmark in small: what is computed is near what was executed, and a root costs the same for any number', () => {
  const executed = measure(200, true)
  expect(executed).toMatchObject({ records: 200, workers: 20, isExecuted: true })
  const computed = measure(200, false)
  for (const way of ['perLabel', 'rootAlone']) {
    expect(Math.abs(computed[way].total / executed[way].total - 1)).toBeLessThan(0.03)
  }
  expect(Math.abs(computed.root.propose - executed.root.propose)).toBeLessThan(100)
  expect(executed.perLabel.total).toBeGreaterThan(5 * executed.root.claims)
}, 120_000)
