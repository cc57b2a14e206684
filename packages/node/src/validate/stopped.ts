import { setImmediate as breathe } from 'node:timers/promises'
import { type Address, type Hex, labelsOf, type Spec } from '@tagger/protocol'
import { stoppedByGold } from '@tagger/protocol/quality'
import type { WorkCampaign } from '../assign/campaign.ts'
import type { Node } from '../node.ts'
import { type AnswerRow, selectAnswersTo, selectKnown } from './queries.ts'

/** What was found is used so long, and so many times as long as finding it took. */
const FRESH_MS = 15_000
const REST_FACTOR = 50
const ITEMS_PER_QUERY = 100

interface Found {
  accounts: Promise<ReadonlySet<Address>>
  /** Milliseconds since epoch; null while it is looked for. */
  freshUntil: number | null
}

const found = new WeakMap<WorkCampaign, Found>()

/**
 * Accounts that get no more items of a campaign, for their answers to items whose answer is known (`stoppedByGold`). Each
 * process looks at the records now and then; nothing is stored, and neither results nor pay know of it.
 */
export async function stoppedWorkers(node: Node, campaign: WorkCampaign): Promise<ReadonlySet<Address>> {
  const last = found.get(campaign)
  if (last !== undefined && (last.freshUntil === null || node.now().getTime() < last.freshUntil))
    return await last.accounts
  const start = performance.now()
  const next: Found = { accounts: findStopped(node, campaign), freshUntil: null }
  found.set(campaign, next)
  try {
    const accounts = await next.accounts
    const rest = Math.max(FRESH_MS, (performance.now() - start) * REST_FACTOR)
    next.freshUntil = node.now().getTime() + rest
    return accounts
  } catch (error) {
    found.delete(campaign)
    throw error
  }
}

async function findStopped(node: Node, { id, draftId, spec }: WorkCampaign): Promise<ReadonlySet<Address>> {
  const known = await node.db.query<{ id: Hex; gold_label: string }>(selectKnown(draftId))
  const rows: AnswerRow[] = []
  for (let i = 0; i < known.length; i += ITEMS_PER_QUERY) {
    const items = known.slice(i, i + ITEMS_PER_QUERY).map((row) => row.id)
    for (const row of await node.db.query<AnswerRow>(selectAnswersTo(id, items))) rows.push(row)
    await breathe()
  }
  return stoppedAccounts(spec, new Map(known.map((row) => [row.id, row.gold_label])), rows)
}

/** Reviews and answers without a label say nothing here. */
function stoppedAccounts(
  spec: Spec,
  known: ReadonlyMap<Hex, string>,
  rows: readonly AnswerRow[],
): ReadonlySet<Address> {
  const labels = labelsOf(spec)
  const answers = rows
    .filter(({ kind, label }) => kind === 'annotation' && label !== null && labels.includes(label))
    .sort((a, b) => a.seq - b.seq)
  const accounts = [...new Set(answers.map(({ account }) => account))]
  const workerOf = new Map(accounts.map((account, place) => [account, place]))
  const itemOf = new Map([...known.keys()].map((item, place) => [item, place]))
  const stopped = stoppedByGold({
    workers: accounts.length,
    items: known.size,
    classes: labels.length,
    worker: Int32Array.from(answers, ({ account }) => workerOf.get(account)!),
    item: Int32Array.from(answers, ({ item }) => itemOf.get(item)!),
    label: Int32Array.from(answers, ({ label }) => labels.indexOf(label!)),
    known: Int32Array.from(known.values(), (label) => labels.indexOf(label)),
  })
  return new Set(stopped.map((place) => accounts[place]!))
}
