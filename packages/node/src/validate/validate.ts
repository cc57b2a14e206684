import { answerOf, estimate, type Hex, type WorkRecord, ZERO32 } from '@tagger/protocol'
import { type WorkCampaign, workCampaign } from '../assign/campaign.ts'
import type { Node } from '../node.ts'
import { decideItem } from './decide.ts'
import {
  type AnswerRow,
  applyDecisions,
  readyByCount,
  readyByReviews,
  selectAnswers,
  selectKnown,
  selectUndecided,
  type UndecidedRow,
} from './queries.ts'

/** Decides over every item of a campaign that has its answers; returns how many became ready. */
export async function validateCampaign(node: Node, campaignId: Hex): Promise<number> {
  const campaign = await workCampaign(node, campaignId)
  const ready = await decideItems(node, campaign)
  if (ready > 0) node.activity.announce({ type: 'item-ready', campaignId, data: { items: String(ready) } })
  return ready
}

async function decideItems(node: Node, campaign: WorkCampaign): Promise<number> {
  const { spec, draftId } = campaign
  const { min, max } = spec.redundancy
  if (spec.kind === 'collect') {
    return (await node.db.query(readyByReviews(draftId, spec.review.reviews))).length
  }
  if (min === max && spec.review.reviews === 0)
    return (await node.db.query(readyByCount(draftId, max))).length
  const rows = await node.db.query<UndecidedRow>(selectUndecided(draftId, min))
  if (rows.length === 0) return 0
  const estimates = await estimateItems(node, campaign, rows)
  const decided = rows.map((row) => ({ row, decision: decideItem(spec, row, estimates.get(row.id)) }))
  const changed = decided.filter(
    ({ row, decision }) =>
      decision.status !== row.status || decision.wanted !== row.wanted || decision.proposed !== row.proposed,
  )
  if (changed.length === 0) return 0
  const applied = await node.db.query<{ was: string; status: string }>(
    applyDecisions(
      draftId,
      changed.map(({ row }) => row),
      changed.map(({ decision }) => decision),
    ),
  )
  return applied.filter(({ was, status }) => was !== 'ready' && status === 'ready').length
}

async function estimateItems(node: Node, campaign: WorkCampaign, rows: readonly UndecidedRow[]) {
  const { spec, id, draftId } = campaign
  // A majority knows its item only; a fit of workers learns from all.
  const items = spec.consensus.method === 'majority' ? rows.map((row) => row.id) : null
  const answers = await node.db.query<AnswerRow>(selectAnswers(id, items))
  const known = await node.db.query<{ id: Hex; gold_label: string }>(selectKnown(draftId))
  const records = answers.map((row) => toRecord(campaign, row))
  const gold = new Map(known.map((row) => [row.id, row.gold_label]))
  const estimates = estimate({ spec, records, gold })
  // An item that is ready sooner than its answers explain would be known as gold, and its answer revised with care:
  // what happens next to a gold item is decided as if nobody knew its answer.
  const hidden = rows.filter((row) => gold.has(row.id))
  if (hidden.length > 0) {
    const unaided = estimate({ spec, records, gold: new Map() })
    for (const { id } of hidden) if (unaided.has(id)) estimates.set(id, unaided.get(id)!)
  }
  return estimates
}

/** As much of a record as a fit reads; opening every payload again would take most of the time. */
function toRecord({ id, spec }: WorkCampaign, row: AnswerRow): WorkRecord {
  const answer = row.label === null ? null : answerOf(spec, row.label)
  const base = {
    v: 1 as const,
    campaign: id,
    account: row.account,
    seq: row.seq,
    prev: ZERO32,
    salt: ZERO32,
    task: '',
    item: row.item,
    revises: null,
    assist: null,
    startedAt: 0,
    endedAt: 0,
  }
  if (row.kind === 'annotation') return { ...base, kind: 'annotation', body: { answer: answer ?? {} } }
  const verdict = answer === null ? 'reject' : 'accept'
  return { ...base, kind: 'review', body: { verdict, answer, reason: '' } }
}
