import { type Address, type Hex, labelsOf, MILLION } from '@tagger/protocol'
import type { ProgressDocument } from '@tagger/protocol/wire'
import type { z } from 'zod'
import { type WorkCampaign, workCampaign } from '../assign/campaign.ts'
import type { Node } from '../node.ts'
import { loadMoney, moneyDocument } from './money.ts'
import {
  countByLabel,
  countByMinute,
  countByStatus,
  countGold,
  countVotes,
  selectWorkers,
  type VoteRow,
} from './progress-queries.ts'
import { campaignRow, ledgerOf } from './summaries.ts'

type Progress = z.input<typeof ProgressDocument>
type Settled = Pick<Progress, 'agreement' | 'meanConfidence' | 'labels' | 'gold' | 'confusion'>

const SHOWN_MINUTES = 60

/** How a campaign is doing; what each worker did is for its requester only. */
export async function getProgress(node: Node, id: Hex, caller: Address | null): Promise<Progress> {
  const campaign = await workCampaign(node, id)
  const row = await campaignRow(node, id)
  const { terms, spec, draftId } = campaign
  const since = new Date(node.now().getTime() - SHOWN_MINUTES * 60_000)
  const minutes = await node.db.query<{ time: Date; records: number }>(countByMinute(id, since))
  const money = await loadMoney(node.db, { id, status: row.status, terms, spec, ledger: ledgerOf(row) })
  return {
    items: await itemsByStatus(node, draftId),
    records: row.records,
    ...(await settledFigures(node, campaign, row.last_final)),
    recordsPerMinute: minutes.map(({ time, records }) => ({ time: time.toISOString(), records })),
    workers: caller === campaign.requester ? await workerFigures(node, id, row.last_final) : [],
    money: moneyDocument(money),
  }
}

async function itemsByStatus(node: Node, draftId: string): Promise<Progress['items']> {
  const rows = await node.db.query<{ status: string; items: number }>(countByStatus(draftId))
  const count = (status: string) => rows.find((row) => row.status === status)?.items ?? 0
  return {
    waiting: count('waiting'),
    open: count('open'),
    inReview: count('review'),
    ready: count('ready'),
    inBatch: count('batched'),
    settled: count('settled'),
  }
}

async function workerFigures(node: Node, id: Hex, lastFinal: Hex | null): Promise<Progress['workers']> {
  const rows = await node.db.query<{
    account: Address
    records: number
    quality: number | null
    paid: string
  }>(selectWorkers(id, lastFinal))
  return rows.map(({ account, records, quality, paid }) => ({ account, records, meanQuality: quality, paid }))
}

const KEPT = 500
const kept = new WeakMap<Node, Map<Hex, { lastFinal: Hex; figures: Settled }>>()

/** Figures over settled items. They change only when a batch becomes final, so they are counted once per batch. */
async function settledFigures(node: Node, campaign: WorkCampaign, lastFinal: Hex | null): Promise<Settled> {
  const { id, spec, draftId } = campaign
  const labels = labelsOf(spec)
  if (lastFinal === null) return figuresOf(labels, [], [], { revealed: 0, contradicted: 0 })
  const cache = kept.get(node) ?? new Map()
  kept.set(node, cache)
  const known = cache.get(id)
  if (known?.lastFinal === lastFinal) return known.figures
  const counts = await node.db.query<LabelCount>(countByLabel(id))
  const votes = await node.db.query<VoteRow>(
    countVotes(id, spec.kind === 'collect' ? 'review' : 'annotation'),
  )
  const [gold] = await node.db.query<Settled['gold']>(countGold(id, draftId))
  const figures = figuresOf(labels, counts, votes, gold!)
  if (cache.size >= KEPT) cache.clear()
  cache.set(id, { lastFinal, figures })
  return figures
}

interface LabelCount {
  label: string
  items: number
  confidence: number
}

/** Figures from counts: labels in config order, agreement as the share of equal pairs of answers. */
export function figuresOf(
  labels: readonly string[],
  counts: readonly LabelCount[],
  votes: readonly VoteRow[],
  gold: Settled['gold'],
): Settled {
  const sum = <T>(rows: readonly T[], pick: (row: T) => number) =>
    rows.reduce((total, row) => total + pick(row), 0)
  const items = sum(counts, (row) => row.items)
  const pairs = sum(votes, (row) => row.pairs)
  const share = (part: number, whole: number) => (whole === 0 ? null : Math.floor(part / whole + 0.5))
  return {
    agreement: share(sum(votes, (row) => row.agreeing) * MILLION, pairs),
    meanConfidence: share(
      sum(counts, (row) => row.confidence),
      items,
    ),
    labels: labels.map((label) => ({ label, items: counts.find((row) => row.label === label)?.items ?? 0 })),
    gold,
    confusion: labels.map((settled) =>
      labels.map(
        (given) => votes.find((row) => row.settled === settled && row.given === given)?.records ?? 0,
      ),
    ),
  }
}
