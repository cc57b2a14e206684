/**
 * Time and memory of verifying whole campaigns of 10⁴, 10⁵ and 10⁶ records, from signatures to roots: 3,000 workers at
 * 10⁶ and as many per record below it, five answers an item, one item in a hundred gold, batches of 125,000 records.
 * The evidence is made anew each time; making it takes longer than verifying it, and is not measured.
 * `npm run bench -- verify [--json] [--records 10000,100000,1000000] [--method auto]`
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { writeBars } from './output/bars.ts'
import type { Measurement } from './verify/measure.ts'

const RECORDS_PER_BATCH = 125_000
const RECORDS_PER_WORKER = 1_000_000 / 3_000

// A process of its own: it signs with the node's native library.
const MAKER = join(import.meta.dirname, '../packages/node/test/bench/signed-campaign.ts')

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    records: { type: 'string', default: '10000,100000,1000000' },
    method: { type: 'string', default: 'auto' },
  },
})
const runs = values.records.split(',').map((records) => measure(Number(records)))
if (!values.json) for (const run of runs) console.log(sentence(run))
const load = loadavg()[0]!
if (load > availableParallelism()) {
  console.error(
    `This machine is busy (load ${load.toFixed(1)} on ${availableParallelism()} cores): the processor seconds tell ` +
      'more than the wall time.',
  )
}
console.error(`plot: ${plot()}`)
if (values.json) console.log(JSON.stringify({ runs }))

function measure(records: number): Measurement {
  const folder = mkdtempSync(join(tmpdir(), 'tagger-verify-'))
  try {
    const size = {
      records,
      workers: Math.max(10, Math.round(records / RECORDS_PER_WORKER)),
      batches: Math.ceil(records / RECORDS_PER_BATCH),
    }
    process.stderr.write(`making ${records} records of ${size.workers} workers\n`)
    const options = Object.entries({ ...size, method: values.method, out: folder })
    run(
      MAKER,
      options.flatMap(([name, value]) => [`--${name}`, String(value)]),
    )
    process.stderr.write(`verifying ${records} records\n`)
    return JSON.parse(run(join(import.meta.dirname, 'verify/measure.ts'), [folder]))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function run(script: string, args: readonly string[]): string {
  const { status, stdout } = spawnSync(process.execPath, [script, ...args], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0) throw new Error(`${script} ended with ${status}; see above.`)
  return stdout
}

function sentence({ records, workers, batches, seconds, cpuSeconds, peakMiB }: Measurement): string {
  return (
    `${records} records of ${workers} workers in ${batches} batches: ${seconds.toFixed(2)} s ` +
    `(${((1e6 * seconds) / records).toFixed(0)} µs a record; ${cpuSeconds.toFixed(2)} s of processor), ` +
    `peak ${Math.round(peakMiB)} MiB`
  )
}

function plot(): string {
  return writeBars('verify', {
    title: `Verifying a campaign of the method ${values.method}`,
    measure: 'seconds, logarithmic',
    series: ['wall', 'processor'],
    groups: runs.map(({ records, peakMiB, seconds, cpuSeconds }) => ({
      label: `${records} records, ${Math.round(peakMiB)} MiB`,
      values: [seconds, cpuSeconds],
    })),
    scale: 'log',
    format: (value) => `${value.toFixed(2)} s`,
  })
}
