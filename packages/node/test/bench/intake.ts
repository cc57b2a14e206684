/**
 * Records a second through the whole intake: HTTP parsing, leases, chains, P-256 heads, storage, receipts, validation.
 * Prints one JSON line. `node bench/intake.ts [--records 10000] [--workers 16] [--chunk 250]`
 */
import { parseArgs } from 'node:util'
import { annotateRoutes } from '../../src/annotate/routes.ts'
import { assignRoutes } from '../../src/assign/routes.ts'
import { identityRoutes } from '../../src/identity/routes.ts'
import { startValidation } from '../../src/validate/jobs.ts'
import { createTestNode } from '../harness.ts'
import { createWorker, openCampaign } from '../work.ts'

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '10000' },
    workers: { type: 'string', default: '16' },
    chunk: { type: 'string', default: '250' },
  },
})
const [records, workers, chunk] = [values.records, values.workers, values.chunk].map(Number) as [
  number,
  number,
  number,
]
const ANSWERS_PER_ITEM = 4

const test = await createTestNode({
  rooms: [identityRoutes, assignRoutes, annotateRoutes],
  config: { checkReplies: false },
})
const validation = startValidation(test.node)
const redundancy = { min: ANSWERS_PER_ITEM, max: ANSWERS_PER_ITEM, targetConfidence: 1_000_000 }
const campaign = await openCampaign(test, {
  items: Math.ceil(records / ANSWERS_PER_ITEM),
  spec: { redundancy },
})
const crowd = await Promise.all(Array.from({ length: workers }, () => createWorker(test, campaign)))

let [accepted, leasing, building, sending] = [0, 0, 0, 0]
const timed = async <T>(work: () => T | Promise<T>): Promise<[T, number]> => {
  const start = performance.now()
  const result = await work()
  return [result, performance.now() - start]
}
const start = performance.now()
const cpuStart = process.cpuUsage()
let isDry = false
while (!isDry) {
  isDry = true
  for (const worker of crowd) {
    const [{ data }, leaseMs] = await timed(() => worker.lease({ count: chunk }))
    leasing += leaseMs
    if (data.length === 0) continue
    isDry = false
    const drafts = data.map(({ id, item }, index) => ({
      task: id,
      item,
      body: { answer: { same: [index % 3 === 0 ? 'no' : 'yes'] } },
    }))
    const [signed, buildMs] = await timed(() => worker.build(drafts))
    building += buildMs
    const [, sendMs] = await timed(() => worker.send(signed))
    sending += sendMs
    accepted += data.length
  }
}
const milliseconds = performance.now() - start
const cpu = process.cpuUsage(cpuStart)
await validation.stop()
const rate = (ms: number) => Math.round((accepted / ms) * 1000)
console.log(
  JSON.stringify({
    database: test.node.db.kind,
    records: accepted,
    workers,
    chunk,
    recordsPerSecond: rate(milliseconds),
    leasesPerSecond: rate(leasing),
    builtPerSecond: rate(building),
    intakePerSecond: rate(sending),
    // What stays comparable on a busy machine; the workers' own signing is in it.
    cpuMillisecondsPerRecord: Number(((cpu.user + cpu.system) / 1000 / accepted).toFixed(3)),
  }),
)
await test.close()
