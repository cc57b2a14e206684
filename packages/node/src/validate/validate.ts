import { setImmediate as breathe } from 'node:timers/promises'
import type { Hex } from '@tagger/protocol'
import { type WorkCampaign, workCampaign } from '../assign/campaign.ts'
import type { Node } from '../node.ts'
import { type ChangedItem, type DecideJob, decideItems, type UndecidedRow } from './decide-job.ts'
import { applyDecisions, readyByCount, readyByReviews, selectKnown, selectUndecided } from './queries.ts'
import { readAnswers, readAnswersTo } from './read-answers.ts'

/** Rows per query: requests must not wait for a whole campaign to be read or written. */
const PAGE = 500

/** Who runs the fit: this thread unless a job says otherwise. */
export type Decide = (job: DecideJob) => ChangedItem[] | Promise<ChangedItem[]>

/** Decides over every item of a campaign that has its answers; returns how many became ready. */
export async function validateCampaign(
  node: Node,
  campaignId: Hex,
  decide: Decide = decideItems,
): Promise<number> {
  const campaign = await workCampaign(node, campaignId)
  const ready = await countReady(node, campaign, decide)
  if (ready > 0) node.activity.announce({ type: 'item-ready', campaignId, data: { items: String(ready) } })
  return ready
}

async function countReady(node: Node, campaign: WorkCampaign, decide: Decide): Promise<number> {
  const { spec, draftId } = campaign
  const { min, max } = spec.redundancy
  if (spec.kind === 'collect') {
    return (await node.db.query(readyByReviews(draftId, spec.review.reviews))).length
  }
  if (min === max && spec.review.reviews === 0)
    return (await node.db.query(readyByCount(draftId, max))).length
  const rows = await loadUndecided(node, campaign)
  if (rows.length === 0) return 0
  const known = await node.db.query<{ id: Hex; gold_label: string }>(selectKnown(draftId))
  const gold = new Map(known.map((row) => [row.id, row.gold_label]))
  // A majority knows its item only; a fit of workers learns from all.
  const isAlone = spec.consensus.method === 'majority'
  const answers = isAlone
    ? await readAnswersTo(
        node,
        campaign.id,
        rows.map((row) => row.id),
      )
    : await readAnswers(node, campaign.id)
  const changed = await decide({ spec, rows, answers, gold })
  let ready = 0
  for (let i = 0; i < changed.length; i += PAGE) {
    await breathe()
    const page = changed.slice(i, i + PAGE)
    const applied = await node.db.query<{ was: string; status: string }>(
      applyDecisions(
        draftId,
        page.map(({ at }) => rows[at]!),
        page.map(({ decision }) => decision),
      ),
    )
    ready += applied.filter(({ was, status }) => was !== 'ready' && status === 'ready').length
  }
  return ready
}

async function loadUndecided(node: Node, { spec, draftId }: WorkCampaign): Promise<UndecidedRow[]> {
  const rows: UndecidedRow[] = []
  let page: UndecidedRow[]
  do {
    const after = rows.at(-1)?.id ?? ''
    page = await node.db.query<UndecidedRow>(
      selectUndecided(draftId, { min: spec.redundancy.min, after, limit: PAGE }),
    )
    for (const row of page) rows.push(row)
    await breathe()
  } while (page.length === PAGE)
  return rows
}
