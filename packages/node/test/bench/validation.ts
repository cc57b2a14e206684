/**
 * How long validation holds up requests: the longest stretch of the event loop's own thread, in CPU milliseconds (what
 * stays comparable on a busy machine), while a fit decides over a campaign. Prints one JSON line: `first` decides every
 * item, `again` finds nothing to change. `node test/bench/validation.ts [--records 25000] [--method majority]`
 */
import { setTimeout as wait } from 'node:timers/promises'
import { parseArgs } from 'node:util'
import { ZERO32 } from '@tagger/protocol'
import { sql } from '../../src/db/sql.ts'
import { createJobThread } from '../../src/job-thread.ts'
import type { ChangedItem, DecideJob } from '../../src/validate/decide-job.ts'
import { validateCampaign } from '../../src/validate/validate.ts'
import { createTestNode, randomAccount } from '../harness.ts'
import { openCampaign } from '../work.ts'

const { values } = parseArgs({
  options: {
    records: { type: 'string', default: '25000' },
    method: { type: 'string', default: 'dawid-skene' },
  },
})
const ANSWERS_PER_ITEM = 3
const WORKERS = 176
const items = Math.ceil(Number(values.records) / ANSWERS_PER_ITEM)
const test = await createTestNode({ rooms: [] })
const { db } = test.node
const campaign = await openCampaign(test, {
  items,
  gold: Array.from({ length: Math.ceil(items / 20) }, (_, i) => (i % 2 === 0 ? 'yes' : 'no')),
  spec: {
    redundancy: { min: ANSWERS_PER_ITEM, max: 5, targetConfidence: 900_000 },
    consensus: { method: values.method as 'majority' | 'dawid-skene', version: 1 },
  },
})
await insertAnswers()

const stopping = new AbortController()
const thread = createJobThread<DecideJob, ChangedItem[]>(
  new URL('../../src/validate/decide-worker.ts', import.meta.url),
  { what: 'Validating', signal: stopping.signal },
)
const first = await longestPause(() => validateCampaign(test.node, campaign.id, thread))
const again = await longestPause(() => validateCampaign(test.node, campaign.id, thread))
stopping.abort()
console.log(JSON.stringify({ database: db.kind, records: items * ANSWERS_PER_ITEM, items, first, again }))
await test.close()

/** Answers that are right three times in four, straight into the ledger: a fit reads nothing else of a record. */
async function insertAnswers(): Promise<void> {
  const crowd = Array.from({ length: WORKERS }, () => randomAccount().account)
  const sent = new Map<string, number>()
  const rows = campaign.items.flatMap((item, i) =>
    Array.from({ length: ANSWERS_PER_ITEM }, (_, k) => {
      const account = crowd[(i * ANSWERS_PER_ITEM + k) % WORKERS]!
      const seq = (sent.get(account) ?? 0) + 1
      sent.set(account, seq)
      return { account, seq, item, label: (i * 7 + k * 3) % 4 === 0 ? 'no' : 'yes' }
    }),
  )
  await db.query(sql`
    insert into records (campaign_id, account, seq, kind, item, label, payload_hash, link, received_at, seconds)
    select ${campaign.id}, account, seq, 'annotation', item, label, ${ZERO32}, ${ZERO32}, now(), 5
    from unnest(${rows.map((row) => row.account)}::text[], ${rows.map((row) => row.seq)}::int[],
      ${rows.map((row) => row.item)}::text[], ${rows.map((row) => row.label)}::text[]) as given (account, seq, item, label)`)
  await db.query(
    sql`update items set annotations = ${ANSWERS_PER_ITEM}::int, status = 'open' where draft_id = ${campaign.draftId}`,
  )
}

async function longestPause(work: () => Promise<number>) {
  let isDone = false
  let longest = 0
  const cpu = () => {
    const { user, system } = process.threadCpuUsage()
    return (user + system) / 1000
  }
  const start = cpu()
  const watch = (async () => {
    for (let last = cpu(); !isDone; ) {
      await wait(1)
      const now = cpu()
      longest = Math.max(longest, now - last)
      last = now
    }
  })()
  const ready = await work()
  isDone = true
  await watch
  const round = (ms: number) => Number(ms.toFixed(1))
  return { ready, longestPauseMs: round(longest), totalMs: round(cpu() - start) }
}
