import type { Address, Hex } from '@tagger/protocol'
import { type Statement, sql } from '../db/sql.ts'

/** Final results of a campaign that are delivered: rejected work is not. */
export function selectAccepted(campaignId: Hex): Statement {
  return sql`
    select r.item, r.label, r.confidence, r.distribution, r.status, r.annotations, r.reviews
    from results r join batches b on b.hash = r.batch and b.status = 'final'
    where r.campaign_id = ${campaignId} and r.status = 'accepted' order by r.item`
}

/** How much work final batches of a campaign hold. */
export function selectWork(campaignId: Hex): Statement {
  return sql`
    select count(*)::int as records, count(distinct account)::int as contributors
    from records where campaign_id = ${campaignId}
      and batch in (select hash from batches where campaign_id = ${campaignId} and status = 'final')`
}

export interface DatasetRow {
  id: string
  campaign_id: Hex
  batch: Hex
  owner: Address
  title: string
  description: string
  modality: 'text' | 'image'
  license: string
  languages: string[]
  tags: string[]
  manifest: string
  mint: MintRow
  content_root: Hex
  content_key: Uint8Array
  bytes: number
  items: number
  records: number
  contributors: number
  mean_confidence: number
  labels: { label: string; items: number }[]
  sample: Record<string, string>[]
  created_at: Date
  passport_id: string | null
  passport_owner: Address | null
  passport_version: number | null
  /** The version sold now. */
  passport_newest: number | null
  passport_transaction: Hex | null
  /** That version, as on chain. */
  passport_document: VersionRow | null
  /** The campaign's last final batch. */
  last_final: Hex
}

export interface SourceRow {
  campaignId: Hex
  batch: Hex
  weight: number
  contributorsBps: number
}

/** A version of a passport, as JSON. */
export interface VersionRow {
  contentRoot: Hex
  cipherRoot: Hex
  keyHash: Hex
  rightsHash: Hex
  manifest: Hex
  sources: SourceRow[]
}

/** What `Passports.mint` needs, as JSON. */
export interface MintRow {
  version: VersionRow
  proofs: { terms: Record<string, unknown>; header: Record<string, unknown> }[]
}

/**
 * Whether version `v` of a passport is dataset `d`: the same content, of the batch it was made from, under the key
 * delivered here.
 */
const isOfDataset = sql`(v.content_root = d.content_root
  and v.document->>'keyHash' = d.mint->'version'->>'keyHash'
  and v.document->>'cipherRoot' = d.mint->'version'->>'cipherRoot'
  and v.sources @> jsonb_build_array(jsonb_build_object('campaignId', d.campaign_id, 'batch', d.batch)))`

/**
 * Datasets with the version of a passport that they are. Anyone can mint a passport over the same content root, but
 * only the campaign's requester one that names the dataset's batch as its source: no other counts, not even one that
 * carries an older batch of the campaign on. Of several passports the first does, of its versions the newest.
 */
export function datasetsWithPassports(): Statement {
  return sql`
    (select d.*, p.id as passport_id, p.owner as passport_owner, p.version as passport_newest,
      v.version as passport_version, v.transaction_hash as passport_transaction, v.document as passport_document,
      c.last_final
    from datasets d join campaigns c on c.id = d.campaign_id left join lateral (
      select * from passport_versions v where ${isOfDataset}
      order by length(v.passport_id), v.passport_id, v.version desc limit 1) v on true
    left join passports p on p.id = v.passport_id)`
}

/**
 * Datasets once for each version of their passport that they are: whoever licensed one of these licensed the dataset,
 * whatever was added since.
 */
function datasetVersions(): Statement {
  return sql`
    (select d.*, v.version as licensed_version, v.document as licensed_document
    from ${datasetsWithPassports()} d
    join passport_versions v on v.passport_id = d.passport_id and ${isOfDataset})`
}

export function selectDataset(id: string): Statement {
  return sql`select * from ${datasetsWithPassports()} d where d.id = ${id}`
}

export function selectDatasetByContent(contentRoot: Hex): Statement {
  return sql`select * from ${datasetsWithPassports()} d where d.content_root = ${contentRoot}`
}

/** A page of the market, newest first: what is sold now; `caller`'s own unminted ones where asked for. */
export function selectMarket(filter: {
  search: string | null
  modality: string | null
  owner: Address | null
  unmintedOf: Address | null
  after: string | null
  limit: number
}): Statement {
  const pattern = filter.search === null ? null : `%${filter.search.replace(/[\\%_]/g, '\\$&')}%`
  return sql`
    select * from ${datasetsWithPassports()} d
    where (d.passport_version = d.passport_newest
        or (d.passport_id is null and d.owner = ${filter.unmintedOf}::text))
      and (${filter.modality}::text is null or d.modality = ${filter.modality})
      and (${filter.owner}::text is null or coalesce(d.passport_owner, d.owner) = ${filter.owner})
      and (${pattern}::text is null or d.title ilike ${pattern} or d.description ilike ${pattern}
        or d.tags::text ilike ${pattern} or d.languages::text ilike ${pattern})
      and (${filter.after}::text is null or d.id < ${filter.after})
    order by d.id desc limit ${filter.limit}`
}

export interface OfferRow {
  id: Hex
  passport_id: string
  offer: {
    token: Address
    price: string
    duration: string | number
    seats: number
    deliverWithin: string | number
    isExclusive: boolean
    isTransferable: boolean
    mayDerive: boolean
    rightsHash: Hex
    deliverer: Address
    nonce: string | number
  }
  is_open: boolean
  sales: number
}

/** Offers of these passports, newest first. */
export function selectOffers(passportIds: readonly string[]): Statement {
  return sql`
    select o.*, (select count(*)::int from licenses l where l.offer_id = o.id and l.status <> 'refunded') as sales
    from offers o where o.passport_id = any(${passportIds}::text[])
    order by is_open desc, (o.offer->>'price')::numeric, o.id`
}

/** What licenses of a passport have brought by token: prices released, and renewals. */
export function selectSold(passportId: string): Statement {
  return sql`
    select o.offer->>'token' as token, sum(l.revenue) as sold
    from licenses l join offers o on o.id = l.offer_id
    where l.passport_id = ${passportId} and l.released_at is not null group by 1 order by 1`
}

/** What a source contributed: its campaign and batch. */
export function selectSources(batches: readonly Hex[]): Statement {
  return sql`
    select b.hash, c.title, c.terms, b.header,
      (select count(distinct r.account)::int from records r join batches x on x.hash = r.batch
        where r.campaign_id = c.id and x.status = 'final' and x.batch_index <= b.batch_index) as workers,
      (select coalesce(sum(x.records), 0)::int from batches x
        where x.campaign_id = c.id and x.status = 'final' and x.batch_index <= b.batch_index) as records
    from batches b join campaigns c on c.id = b.campaign_id where b.hash = any(${batches}::text[])`
}

export interface LicenseRow {
  id: string
  offer_id: Hex
  passport_id: string
  version: number
  owner: Address
  price: string
  buyer_public_key: Hex
  sealed_key: Hex | null
  status: 'paid' | 'delivered' | 'refunded'
  purchased_at: number
  inspect_until: number | null
  released_at: number | null
  expires_at: number
  purchase_transaction: Hex
  token: Address
  dataset_id: string | null
  title: string | null
  document: VersionRow | null
}

/** An account's licenses, newest first. */
export function selectLicenses(owner: Address): Statement {
  return sql`
    select l.*, o.offer->>'token' as token, d.id as dataset_id, d.title, v.document
    from licenses l join offers o on o.id = l.offer_id
    left join passport_versions v on v.passport_id = l.passport_id and v.version = l.version
    left join ${datasetVersions()} d on d.passport_id = l.passport_id and d.licensed_version = l.version
    where l.owner = ${owner} order by l.purchased_at desc, length(l.id) desc, l.id desc`
}

/** A license that lets this account have the dataset's content now, if there is one. */
export function selectRunningLicense(datasetId: string, owner: Address, now: number): Statement {
  return sql`
    select l.id from licenses l
    join ${datasetVersions()} d on d.passport_id = l.passport_id and d.licensed_version = l.version
    where d.id = ${datasetId} and l.owner = ${owner} and l.status = 'delivered'
      and (l.expires_at = 0 or l.expires_at > ${now}) limit 1`
}

export interface DueDelivery {
  id: string
  offer_id: Hex
  buyer_public_key: Hex
  content_key: Uint8Array
  token: Address
  price: string
}

/** Paid licenses this operator is to deliver and has not begun to. */
export function selectDueDeliveries(operator: Address, now: number): Statement {
  return sql`
    select l.id, l.offer_id, l.buyer_public_key, d.content_key, o.offer->>'token' as token, l.price
    from licenses l join offers o on o.id = l.offer_id
    join ${datasetVersions()} d on d.passport_id = l.passport_id and d.licensed_version = l.version
    where l.status = 'paid' and o.offer->>'deliverer' = ${operator}
      and l.purchased_at + (o.offer->>'deliverWithin')::bigint > ${now}
      and not exists (select 1 from outbox x where x.id = 'deliver:' || l.id)
    order by l.purchased_at`
}

/** Delivered licenses of this operator's whose buyers have had their time to look, and whose price nobody released. */
export function selectDueReleases(operator: Address, now: number): Statement {
  return sql`
    select l.id from licenses l join offers o on o.id = l.offer_id
    where l.status = 'delivered' and l.released_at is null and l.inspect_until < ${now}
      and o.offer->>'deliverer' = ${operator}
      and exists (select 1 from outbox x where x.id = 'deliver:' || l.id)
      and not exists (select 1 from outbox x where x.id = 'release:' || l.id)
    order by l.inspect_until`
}

export interface ShareRow {
  dataset_id: string
  title: string
  passport_id: string
  version: number
  document: VersionRow
  batch: Hex
  token: Address
  header: unknown
  campaign_id: Hex
  amount: string
}

/**
 * Sold datasets this account's work is in, by passport, version, source and token: what a version's sales bring is its
 * sources' own. A page, after those four.
 */
export function selectShares(
  account: Address,
  after: readonly (string | number)[] | null,
  limit: number,
): Statement {
  const [passport = '', version = 0, batch = '', token = ''] = after ?? []
  return sql`
    select distinct on (d.passport_id, d.licensed_version, batch, token) d.id as dataset_id, d.title, d.passport_id,
      d.licensed_version as version, d.licensed_document as document, b.hash as batch, o.offer->>'token' as token,
      b.header, b.campaign_id, y.amount
    from payouts y join batches b on b.hash = y.batch
    join ${datasetVersions()} d
      on d.licensed_document->'sources' @> jsonb_build_array(jsonb_build_object('batch', b.hash))
    join licenses l on l.passport_id = d.passport_id and l.version = d.licensed_version and l.released_at is not null
    join offers o on o.id = l.offer_id
    where y.account = ${account}
      and (d.passport_id, d.licensed_version, b.hash, o.offer->>'token')
        > (${passport}::text, ${version}::integer, ${batch}::text, ${token}::text)
    order by d.passport_id, d.licensed_version, batch, token limit ${limit}`
}
