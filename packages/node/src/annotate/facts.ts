import {
  type Address,
  type ChainedRecord,
  type Hex,
  type IntakeFacts,
  type RecordKind,
  workKey,
} from '@tagger/protocol'
import type { WorkCampaign } from '../assign/campaign.ts'
import type { Database } from '../db/database.ts'
import { type LockedItem, type LockedLease, lockItems, lockLeases, selectFirsts } from './queries.ts'

/** Reads, and holds until the transaction ends, what decides over a chunk. */
export async function loadFacts(
  tx: Database,
  campaign: WorkCampaign,
  account: Address,
  records: readonly ChainedRecord[],
  now: Date,
): Promise<IntakeFacts> {
  const work = { campaignId: campaign.id, account }
  const tasks = [...new Set(records.map(({ record }) => record.task))]
  const items = [...new Set(records.map(({ record }) => record.item))]
  const leases = await tx.query<LockedLease>(lockLeases(work, tasks))
  const locked = await tx.query<LockedItem>(lockItems(campaign.draftId, items))
  const firsts = await tx.query<{ item: Hex; kind: RecordKind; seq: number }>(selectFirsts(work, items))
  return {
    now: now.getTime(),
    leases: new Map(
      leases.map(({ id, item, kind, state, expires_at }) => [
        id,
        { item, kind, state, expiresAt: expires_at.getTime() },
      ]),
    ),
    items: new Map(
      locked.map(({ id, status, source, media_type, bytes }) => [
        id,
        {
          isBatched: status === 'batched' || status === 'settled',
          submission: source === account ? { mediaType: media_type, bytes } : null,
        },
      ]),
    ),
    firsts: new Map(firsts.map(({ item, kind, seq }) => [workKey(item, kind), seq])),
  }
}
