/**
 * Gas of paying for 10², 10³, 10⁴ and 10⁶ records of ten per worker, everybody for the first time: one transfer per
 * label, pushes to a hundred payees with a hash of the results, and one Merkle root claimed by the hundred or alone. Up
 * to 10⁴ records every transaction is executed on the local chain; above, one of each kind with lists and proofs as long
 * as they would be, and the rest is multiplied.
 * `npm run bench -- settlement [--json] [--records 100,1000,10000,1000000]`
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeBars } from './output/bars.ts'

/** Gas of one way to settle, all of it. */
interface Cost {
  total: number
  perWorker: number
  perRecord: number
}

/** What the measuring script prints. */
interface SettlementCost {
  records: number
  workers: number
  isExecuted: boolean
  perLabel: Cost
  push: Cost
  root: Cost & { open: number; propose: number; finalize: number; claims: number }
  rootAlone: Cost & { open: number; propose: number; finalize: number; claims: number }
}

const MOST_EXECUTED = 10_000
const CONTRACTS = join(import.meta.dirname, '../packages/contracts')
const WAYS = {
  perLabel: 'one transfer per label',
  push: 'pushes to 100',
  root: 'root, claimed by 100',
  rootAlone: 'root, claimed alone',
} as const

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    records: { type: 'string', default: '100,1000,10000,1000000' },
  },
})
const runs = values.records.split(',').map((records) => measure(Number(records)))
if (!values.json) for (const run of runs) console.log(sentences(run))
console.error(`plot: ${plot()}`)
if (values.json) console.log(JSON.stringify({ runs }))

/** A process of its own: Hardhat reads its settings where it is started. */
function measure(records: number): SettlementCost {
  process.stderr.write(`settling ${records} records\n`)
  const script = join(CONTRACTS, 'scripts/settlement.ts')
  const { status, stdout } = spawnSync(
    process.execPath,
    [script, String(records), String(records <= MOST_EXECUTED)],
    { cwd: CONTRACTS, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 2 ** 24 },
  )
  if (status !== 0) throw new Error(`${script} ended with ${status}; see above.`)
  return JSON.parse(stdout.trim().split('\n').at(-1)!) as SettlementCost
}

function sentences(run: SettlementCost): string {
  const { records, workers, isExecuted, root } = run
  const lines = Object.entries(WAYS).map(([way, title]) => {
    const { perWorker, perRecord } = run[way as keyof typeof WAYS] as Cost
    return `  ${title.padEnd(24)} ${count(perWorker).padStart(9)} a worker ${count(perRecord).padStart(8)} a record`
  })
  return [
    `${count(records)} records of ${count(workers)} workers${isExecuted ? '' : ' (computed)'}`,
    ...lines,
    `  of the root, ${count(root.propose + root.finalize)} settle everything, whatever its number, and ${count(root.open)} open the campaign`,
  ].join('\n')
}

function count(value: number): string {
  return Math.round(value).toLocaleString('en-US')
}

function plot(): string {
  return writeBars('settlement', {
    title: 'Paying for records, ten per worker',
    measure: 'gas per record',
    series: Object.values(WAYS),
    groups: runs.map((run) => ({
      label: `${count(run.records)} records`,
      values: Object.keys(WAYS).map((way) => (run[way as keyof typeof WAYS] as Cost).perRecord),
    })),
    scale: 'log',
    format: count,
  })
}
