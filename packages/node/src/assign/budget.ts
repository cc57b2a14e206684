import { costOf, type OpenWork, type RecordKind, reserveOf, topPay } from '@tagger/protocol'
import type { Database } from '../db/database.ts'
import type { WorkCampaign } from './campaign.ts'
import { lockMoney, selectOpenWork } from './queries.ts'

/** How many more records of a kind the escrow covers at top pay, fees included; Infinity when they cost nothing. */
export function affordableRecords(
  campaign: Pick<WorkCampaign, 'terms' | 'spec'>,
  money: { funded: bigint; payoutsTotal: bigint; open: OpenWork },
  kind: RecordKind,
): number {
  const { terms, spec } = campaign
  const { withFees } = reserveOf({ terms, spec, payoutsTotal: money.payoutsTotal, ...money.open })
  const free = money.funded - withFees
  if (free < 0n) return 0
  const withFeeBps = 10_000n + BigInt(terms.operatorFeeBps + terms.protocolFeeBps)
  const micro = topPay(terms, spec, kind) * withFeeBps
  return micro === 0n ? Infinity : Number((free * 10_000n) / micro)
}

/** Whether the deposit covers every record the spec allows, so that nothing needs counting. */
export function isFullyFunded(campaign: Pick<WorkCampaign, 'terms' | 'spec'>, funded: bigint): boolean {
  const { terms, spec } = campaign
  const items = spec.items?.count ?? spec.intake?.maxItems ?? 0
  return funded >= costOf({ ...terms, spec, items }).deposit
}

/**
 * How many more records of a kind may be promised now, at most `wanted`.
 * Warning: holds the campaign's row until the transaction ends when money is tight, so that two callers never promise
 * the same money.
 */
export async function coveredRecords(
  tx: Database,
  campaign: WorkCampaign,
  kind: RecordKind,
  wanted: number,
  funded: bigint,
): Promise<number> {
  if (isFullyFunded(campaign, funded)) return wanted
  const [money] = await tx.query<{ funded: string; payouts_total: string }>(lockMoney(campaign.id))
  const [open] = await tx.query<OpenWork>(selectOpenWork(campaign.id))
  const covered = affordableRecords(
    campaign,
    { funded: BigInt(money!.funded), payoutsTotal: BigInt(money!.payouts_total), open: open! },
    kind,
  )
  return Math.min(wanted, covered)
}
