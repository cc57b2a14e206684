import { setImmediate as breathe } from 'node:timers/promises'
import {
  type Address,
  commitGold,
  decodeState,
  emptyHead,
  emptyState,
  encodeState,
  type Hex,
  ZERO32,
} from '@tagger/protocol'
import { HeaderDocument } from '@tagger/protocol/wire'
import type { Node } from '../node.ts'
import { deploymentOf } from '../node.ts'
import type { SettlingCampaign } from './campaign.ts'
import type { CutJob } from './cut-job.ts'
import {
  type DelegationRow,
  type FinalRow,
  freezeReadyItems,
  freezeWorkedItems,
  type GoldRow,
  type HeadRow,
  type PayloadRow,
  type SegmentRow,
  selectDelegations,
  selectFinals,
  selectGold,
  selectHeads,
  selectPayloads,
  selectSegments,
} from './queries.ts'
import type { CutPlan } from './schedule.ts'
import type { VerifiedBatches } from './verified.ts'

// Rows per query: intake must not wait for a whole campaign to be read.
const PAGE = 2000

/** Takes the batch's items out of circulation; from here on nobody can answer, review or revise them. */
export async function freezeItems(node: Node, campaign: SettlingCampaign, plan: CutPlan): Promise<Hex[]> {
  const rows = await node.db.query<{ id: Hex }>(
    plan.closing
      ? freezeWorkedItems(campaign)
      : freezeReadyItems({ ...campaign, cutAt: plan.cutAt, maxItems: campaign.spec.batch.maxItems }),
  )
  return rows.map(({ id }) => id).sort()
}

/** Reads everything a batch of these items is made from. */
export async function loadCutJob(
  node: Node,
  campaign: SettlingCampaign,
  plan: CutPlan,
  items: Hex[],
  known: VerifiedBatches,
): Promise<CutJob> {
  const finals = await node.db.query<FinalRow>(selectFinals(campaign.id))
  const last = finals.at(-1)
  const previous = last?.hash ?? ZERO32
  const verified = known.upTo(campaign.id, previous)
  const state = last ? decodeState(last.state!) : emptyState(campaign.id)
  const reached = new Map(state.chains.map((chain) => [chain.account, chain]))
  const heads = await node.db.query<HeadRow>(selectHeads(campaign.id, plan.cutAt))
  const moved = heads.filter((head) => head.count > (reached.get(head.account)?.count ?? 0))
  const fromOf = (account: Address) =>
    reached.get(account) ?? { account, ...emptyHead(campaign.id, account, node.crypto) }
  return {
    deployment: deploymentOf(node),
    terms: campaign.terms,
    campaignId: campaign.id,
    specBytes: campaign.specBytes,
    stateBytes: last?.state ?? encodeState(state),
    previous,
    cutAt: plan.cutAt,
    closing: plan.closing,
    items,
    reveals: await loadReveals(node, campaign, items),
    heads: heads.map(({ account, count }) => ({ account, count })),
    workers: await loadWorkers(node, campaign, moved, fromOf),
    payloads: await loadPayloads(node, campaign.id, items),
    headers: finals.map(({ header }) => HeaderDocument.parse(header)),
    verified,
    bundles: verified === null ? await Promise.all(finals.map(({ bundle }) => node.blobs.get(bundle))) : [],
  }
}

async function loadReveals(node: Node, campaign: SettlingCampaign, items: Hex[]): Promise<CutJob['reveals']> {
  if (campaign.spec.gold === null) return []
  const rows = await node.db.query<GoldRow>(selectGold(campaign.draftId))
  const entries = rows.map((row) => ({ item: row.id, label: row.gold_label, salt: row.gold_salt }))
  const commitment = commitGold(entries, node.crypto)
  const inBatch = new Set(items)
  return entries
    .filter(({ item }) => inBatch.has(item))
    .map((entry) => ({ ...entry, proof: commitment.proofOf(entry.item) }))
}

async function loadWorkers(
  node: Node,
  campaign: SettlingCampaign,
  heads: HeadRow[],
  fromOf: (account: Address) => { count: number; link: Hex },
): Promise<CutJob['workers']> {
  const rows = await node.db.query<DelegationRow>(selectDelegations(heads))
  const delegations = new Map(rows.map((row) => [row.account, row]))
  const segments = new Map<Address, { payloadHashes: Hex[]; links: Hex[] }>()
  for (const page of pagesOf(heads, (head) => head.count - fromOf(head.account).count)) {
    const ranges = page.map(({ account, count }) => ({ account, from: fromOf(account).count, to: count }))
    await breathe()
    for (const row of await node.db.query<SegmentRow>(selectSegments(campaign.id, ranges))) {
      const segment = segments.get(row.account) ?? { payloadHashes: [], links: [] }
      segment.payloadHashes.push(row.payload_hash)
      segment.links.push(row.link)
      segments.set(row.account, segment)
    }
  }
  return heads.map((head) => {
    const { account, count, link } = head
    const from = fromOf(account)
    return {
      account,
      delegation: toDelegation(delegations.get(account)!),
      from: { count: from.count, link: from.link },
      ...segments.get(account)!,
      head: { count, link, publicKey: head.public_key, signature: head.head_signature },
      receipt: {
        campaignId: campaign.id,
        account,
        link,
        count,
        owedAtLeast: BigInt(head.owed_at_least),
        issuedAt: head.issued_at,
        signature: head.signature,
      },
    }
  })
}

async function loadPayloads(node: Node, campaignId: Hex, items: Hex[]): Promise<Uint8Array[]> {
  const payloads: Uint8Array[] = []
  for (let i = 0; i < items.length; i += PAGE / 4) {
    await breathe()
    const page = selectPayloads(campaignId, items.slice(i, i + PAGE / 4))
    for (const row of await node.db.query<PayloadRow>(page)) payloads.push(row.payload)
  }
  return payloads
}

function toDelegation(row: DelegationRow): CutJob['workers'][number]['delegation'] {
  return {
    account: row.account,
    publicKey: row.public_key,
    scope: row.scope,
    notBefore: row.not_before,
    notAfter: row.not_after,
    nonce: BigInt(row.nonce),
    signature: row.signature,
  }
}

/** Groups entries so that the sizes of a group add up to about a page. */
function* pagesOf<T>(entries: readonly T[], size: (entry: T) => number): Iterable<T[]> {
  let page: T[] = []
  let total = 0
  for (const entry of entries) {
    page.push(entry)
    total += size(entry)
    if (total < PAGE) continue
    yield page
    page = []
    total = 0
  }
  if (page.length > 0) yield page
}
