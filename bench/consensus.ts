/**
 * Speed and memory of consensus on a million and ten million labels of five classes, one core, parsing apart, best of
 * five in processor seconds, each in a process of its own. Dawid–Skene runs until no probability moves by 1e-4. Beside it
 * crowd-kit: measured in the same run where python3 has it, else the figure once recorded (on an AMD EPYC Zen 4).
 * `npm run bench -- consensus [--json]`
 */
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import type { Measurement } from './consensus/measure.ts'
import { writeBars } from './output/bars.ts'
import { startProgress } from './output/progress.ts'

const RUNS = 5

interface Peer {
  name: string
  /** Processor seconds. */
  seconds: number
  measuredHere: boolean
}

const TASKS = {
  majority1e6: { method: 'majority', labels: 1e6, workers: 3000, recorded: 1.877, iterations: 0 },
  dawidSkene1e6: { method: 'dawidSkene', labels: 1e6, workers: 3000, recorded: 8.507, iterations: 11 },
  dawidSkene1e7: { method: 'dawidSkene', labels: 1e7, workers: 10_000, recorded: 64.911, iterations: 2 },
}
type Task = (typeof TASKS)[keyof typeof TASKS]

const { values } = parseArgs({ options: { json: { type: 'boolean', default: false } } })
const hasPeer = spawnSync('python3', ['-c', 'import crowdkit']).status === 0
const tasks = Object.entries(TASKS)
const progress = startProgress('measurements', hasPeer ? 2 * tasks.length : tasks.length)
let done = 0
const results: Record<string, Measurement & { peer: Peer; ratio: number }> = {}
for (const [name, task] of tasks) {
  progress.update(done++, name)
  const measured = measure(task)
  if (hasPeer) progress.update(done++, `${name}, crowd-kit`)
  const peer = peerOf(task)
  results[name] = { ...measured, peer, ratio: peer.seconds / measured.seconds }
}
progress.end()

if (!values.json) for (const [name, result] of Object.entries(results)) console.log(sentence(name, result))
console.error(`plot: ${plot()}`)
if (values.json) console.log(JSON.stringify(results))

function measure({ method, labels, workers }: Task): Measurement {
  const script = join(import.meta.dirname, 'consensus/measure.ts')
  const args = [script, method, String(labels), String(workers), String(RUNS)]
  const { status, stdout } = spawnSync(process.execPath, args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0)
    throw new Error(`Measuring ${method} on ${labels} labels ended with ${status}; see above.`)
  return JSON.parse(stdout)
}

function peerOf({ method, labels, workers, recorded, iterations }: Task): Peer {
  const name =
    method === 'majority' ? 'crowd-kit MajorityVote' : `crowd-kit DawidSkene, ${iterations} iterations`
  if (!hasPeer) return { name, seconds: recorded, measuredHere: false }
  const args = [join(import.meta.dirname, 'consensus/peer.py'), method, labels, workers, iterations].map(
    String,
  )
  const { status, stdout } = spawnSync('python3', args, {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  if (status !== 0) throw new Error(`crowd-kit ended with ${status}; see above.`)
  return { name, seconds: JSON.parse(stdout).seconds, measuredHere: true }
}

function sentence(name: string, result: (typeof results)[string]): string {
  const { seconds, wallSeconds, tableSeconds, peakMiB, iterations, accuracy, peer, ratio } = result
  const turns = iterations === undefined ? '' : `, ${iterations} iterations`
  const origin = peer.measuredHere ? 'measured here' : 'recorded on another machine'
  return (
    `${name}: ${seconds.toFixed(3)} s of processor (wall ${wallSeconds.toFixed(3)} s${turns}), table from columns ` +
    `${tableSeconds.toFixed(3)} s, peak ${Math.round(peakMiB)} MiB, accuracy ${accuracy.toFixed(4)}; ` +
    `${peer.name}: ${peer.seconds.toFixed(1)} s (${origin}), ${ratio.toFixed(0)} times as long`
  )
}

function plot(): string {
  const origin = hasPeer ? 'measured here' : 'recorded elsewhere'
  return writeBars('consensus', {
    title: 'Consensus of labels in five classes, one core',
    measure: 'processor seconds, logarithmic',
    series: ['Tagger', `crowd-kit, ${origin}`],
    groups: Object.entries(results).map(([name, { seconds, peer }]) => ({
      label: name,
      values: [seconds, peer.seconds],
    })),
    scale: 'log',
    format: (value) => `${value < 1 ? value.toFixed(3) : value.toFixed(1)} s`,
  })
}
