/** Measures one method on one crowd in a process of its own, so that its peak memory is its own. Prints one line of JSON. */
import { fitDawidSkene, type LabelTable, labelTable, majority } from '@tagger/protocol/classification'
import { tieAveragedAccuracy } from '../accuracy/categorical.ts'
import { simulateCrowd } from './crowd.ts'

export interface Measurement {
  /**
   * Processor time of the fastest run, from the table to the probabilities, as the peers' is given: never less than the
   * wall time of an idle machine.
   */
  seconds: number
  wallSeconds: number
  /** Processor time of making the table from unsorted columns, once. */
  tableSeconds: number
  /** Peak resident memory of the process, the crowd's simulation included. */
  peakMiB: number
  labels: number
  workers: number
  /** Of an iterative method. */
  iterations?: number
  accuracy: number
}

type Method = (table: LabelTable, known: Int32Array) => { posterior: Float64Array; iterations?: number }
const METHODS: Record<string, Method> = { majority, dawidSkene: fitDawidSkene }

const [name = '', labels = '', workers = '', runs = ''] = process.argv.slice(2)
const crowd = simulateCrowd(Number(labels), Number(workers))
let clock = process.cpuUsage()
const table = labelTable(crowd.labels)
const tableSeconds = cpuSecondsSince(clock)
crowd.labels = { ...crowd.labels, item: table.item, worker: table.worker, label: table.label }

const known = new Int32Array(table.items).fill(-1)
let best: Measurement | undefined
for (let run = 0; run < Number(runs); run++) {
  const start = performance.now()
  clock = process.cpuUsage()
  const { posterior, iterations } = METHODS[name]!(table, known)
  const seconds = cpuSecondsSince(clock)
  const wallSeconds = (performance.now() - start) / 1000
  if (best !== undefined && best.seconds <= seconds) continue
  best = {
    seconds,
    wallSeconds,
    tableSeconds,
    peakMiB: 0,
    labels: table.item.length,
    workers: table.workers,
    ...(iterations === undefined ? {} : { iterations }),
    accuracy: tieAveragedAccuracy(posterior, crowd.truth),
  }
}
console.log(JSON.stringify({ ...best, peakMiB: process.resourceUsage().maxRSS / 1024 }))

function cpuSecondsSince(clock: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(clock)
  return (user + system) / 1e6
}
