import { licensesAbi } from '@tagger/contracts/abi'
import { type Address, TaggerError } from '@tagger/protocol'
import {
  type DatasetDocument,
  type DatasetSummary,
  HeaderDocument,
  type LicenseDocument,
  type OfferDocument,
  type TokenDocument,
} from '@tagger/protocol/wire'
import type { z } from 'zod'
import { tokenDocument } from '../network/tokens.ts'
import type { Node } from '../node.ts'
import {
  type DatasetRow,
  type LicenseRow,
  type OfferRow,
  type SourceRow,
  selectOffers,
  selectSold,
  selectSources,
} from './queries.ts'

type Summary = z.input<typeof DatasetSummary>
type Offer = z.input<typeof OfferDocument>

/** Datasets as the market lists them. */
export async function datasetSummaries(node: Node, rows: readonly DatasetRow[]): Promise<Summary[]> {
  const ids = rows.flatMap(({ passport_id }) => (passport_id === null ? [] : [passport_id]))
  const offers = await offersOf(node, ids)
  return rows.map((row) => summaryOf(row, offersFor(row, offers)))
}

/** A dataset with its lineage, sample, offers and revenue. */
export async function datasetDocument(node: Node, row: DatasetRow): Promise<z.input<typeof DatasetDocument>> {
  const offers = row.passport_id === null ? [] : offersFor(row, await offersOf(node, [row.passport_id]))
  return {
    ...summaryOf(row, offers),
    manifest: JSON.parse(row.manifest) as Record<string, unknown>,
    mint: row.mint as unknown as z.input<typeof DatasetDocument>['mint'],
    minted: row.passport_document,
    hasNewerResults: row.batch !== row.last_final,
    lineage: await lineageOf(node, (row.passport_document ?? row.mint.version).sources),
    labels: row.labels,
    sample: row.sample,
    offers,
    revenue: await revenueOf(node, row),
    mintTransaction: row.passport_transaction,
  }
}

/** The offers of its passport; they sell the newest version and no other. */
function offersFor(row: DatasetRow, offers: readonly Offer[]): Offer[] {
  return offers
    .filter(({ passportId }) => passportId === row.passport_id)
    .map((offer) => ({ ...offer, isOpen: offer.isOpen && isNewest(row) }))
}

function isNewest(row: DatasetRow): boolean {
  return row.passport_version === row.passport_newest
}

function summaryOf(row: DatasetRow, offers: readonly Offer[]): Summary {
  return {
    id: row.id,
    passportId: row.passport_id,
    version: row.passport_version,
    isNewest: isNewest(row),
    title: row.title,
    description: row.description,
    modality: row.modality,
    license: row.license,
    languages: row.languages,
    tags: row.tags,
    owner: row.passport_owner ?? row.owner,
    items: row.items,
    records: row.records,
    contributors: row.contributors,
    meanConfidence: row.mean_confidence,
    bytes: row.bytes,
    createdAt: row.created_at.toISOString(),
    offer: offers.find(({ isOpen }) => isOpen) ?? null,
    isProven: (row.passport_document?.sources ?? []).length > 0,
  }
}

async function offersOf(node: Node, passportIds: readonly string[]): Promise<Offer[]> {
  if (passportIds.length === 0) return []
  const rows = await node.db.query<OfferRow>(selectOffers(passportIds))
  const tokens = await tokensOf(
    node,
    rows.map(({ offer }) => offer.token),
  )
  return rows.flatMap((row) => {
    const token = tokens.get(row.offer.token)
    return token ? [offerDocument(row, token)] : []
  })
}

function offerDocument({ id, passport_id, offer, is_open, sales }: OfferRow, token: TokenJson): Offer {
  return {
    id,
    passportId: passport_id,
    token,
    price: String(offer.price),
    // Nobody outlives a longer one, and JSON holds it.
    duration: Math.min(Number(offer.duration), Number.MAX_SAFE_INTEGER),
    seats: offer.seats,
    deliverer: offer.deliverer,
    deliverWithin: Number(offer.deliverWithin),
    isExclusive: offer.isExclusive,
    isTransferable: offer.isTransferable,
    mayDerive: offer.mayDerive,
    rightsHash: offer.rightsHash,
    nonce: String(offer.nonce),
    isOpen: is_open,
    sales,
  }
}

async function lineageOf(node: Node, sources: readonly SourceRow[]) {
  const rows = await node.db.query<{
    hash: string
    title: string
    header: unknown
    workers: number
    records: number
  }>(selectSources(sources.map(({ batch }) => batch)))
  return sources.map((source) => {
    const row = rows.find(({ hash }) => hash === source.batch)
    return {
      ...source,
      title: row?.title ?? 'A campaign of another operator',
      workers: row?.workers ?? 0,
      records: row?.records ?? 0,
      payoutsTotal: row ? HeaderDocument.parse(row.header).payoutsTotal.toString() : '0',
    }
  })
}

async function revenueOf(node: Node, row: DatasetRow) {
  if (row.passport_id === null) return []
  const sold = await node.db.query<{ token: Address; sold: string }>(selectSold(row.passport_id))
  const tokens = await tokensOf(
    node,
    sold.map(({ token }) => token),
  )
  return await Promise.all(
    sold.map(async ({ token, sold }) => {
      let contributors = 0n
      for (let version = 1; version <= row.passport_newest!; version++) {
        contributors += await poolOf(node, { passportId: row.passport_id!, version, token })
      }
      return { token: tokens.get(token)!, sold, contributors: contributors.toString() }
    }),
  )
}

/** Everything a version's sales brought its sources, as the contract says. Throws `chain-unreachable`. */
export async function poolOf(
  node: Node,
  pool: { passportId: string; version: number; token: Address },
): Promise<bigint> {
  try {
    return await node.chain.client.readContract({
      address: node.chain.contracts.licenses,
      abi: licensesAbi,
      functionName: 'pool',
      args: [BigInt(pool.passportId), BigInt(pool.version), pool.token],
    })
  } catch (cause) {
    throw new TaggerError('chain-unreachable', 'The chain does not answer, so revenue is not known now', {
      hints: ['Try again shortly; the node reconnects by itself.'],
      cause,
    })
  }
}

/** A license as its holder sees it. */
export async function licenseDocuments(
  node: Node,
  rows: readonly LicenseRow[],
): Promise<z.input<typeof LicenseDocument>[]> {
  const tokens = await tokensOf(
    node,
    rows.map(({ token }) => token),
  )
  const now = node.now().getTime() / 1000
  return rows.map((row) => ({
    id: row.id,
    offerId: row.offer_id,
    passportId: row.passport_id,
    datasetId: row.dataset_id,
    title: row.title ?? `Dataset of passport ${row.passport_id}`,
    version: row.version,
    bought: row.document,
    owner: row.owner,
    price: row.price,
    token: tokens.get(row.token)!,
    status: isOver(row, now) ? 'expired' : row.status,
    purchasedAt: new Date(row.purchased_at * 1000).toISOString(),
    inspectUntil: row.inspect_until === null || row.released_at !== null ? null : timeOf(row.inspect_until),
    expiresAt: row.expires_at === 0 ? null : timeOf(row.expires_at),
    buyerPublicKey: row.buyer_public_key,
    sealedKey: row.sealed_key,
    purchaseTransaction: row.purchase_transaction,
  }))
}

function isOver(row: LicenseRow, now: number): boolean {
  return row.status === 'delivered' && row.expires_at !== 0 && row.expires_at <= now
}

/** ISO time, or the last one there is: an offer may last longer than dates go. */
function timeOf(seconds: number): string {
  return new Date(Math.min(seconds, 253_402_300_799) * 1000).toISOString()
}

type TokenJson = z.input<typeof TokenDocument>

/** Tokens by address, each read once. */
export async function tokensOf(
  node: Node,
  addresses: readonly Address[],
): Promise<ReadonlyMap<Address, TokenJson>> {
  const distinct = [...new Set(addresses)]
  return new Map(
    await Promise.all(
      distinct.map(async (address) => [address, await tokenDocument(node, address)] as const),
    ),
  )
}
