import type { Hex } from '@tagger/protocol'
import type { Database } from '../db/database.ts'
import { type Statement, sql } from '../db/sql.ts'
import type { ChainEvent } from './event.ts'

/** A block whose hash the indexer remembers. */
export interface BlockRow {
  number: number
  hash: Hex
  parent: Hex
  time: number
}

/** Stores blocks and the events in them. */
export async function saveBlocks(tx: Database, blocks: BlockRow[], events: ChainEvent[]): Promise<void> {
  await tx.query(sql`
    insert into chain_blocks (number, hash, parent, time)
    select * from unnest(
      ${blocks.map((block) => block.number)}::bigint[], ${blocks.map((block) => block.hash)}::text[],
      ${blocks.map((block) => block.parent)}::text[], ${blocks.map((block) => block.time)}::bigint[])
    on conflict (number) do nothing`)
  if (events.length === 0) return
  const column = <K extends keyof ChainEvent>(key: K) => events.map((event) => event[key])
  await tx.query(sql`
    insert into chain_events
      (block_number, log_index, transaction_hash, contract, name, campaign_id, subject, args)
    select block_number, log_index, transaction_hash, contract, name, campaign_id, subject, args::jsonb
    from unnest(
      ${column('blockNumber')}::bigint[], ${column('logIndex')}::integer[],
      ${column('transactionHash')}::text[], ${column('contract')}::text[], ${column('name')}::text[],
      ${column('campaignId')}::text[], ${column('subject')}::text[],
      ${events.map((event) => JSON.stringify(event.args, storable))}::text[]
    ) as given (block_number, log_index, transaction_hash, contract, name, campaign_id, subject, args)`)
}

/** Anyone may write a zero character into an event; PostgreSQL holds none, and the ledger must not stop at it. */
function storable(_: string, value: unknown): unknown {
  return typeof value === 'string' ? value.replaceAll('\0', '\ufffd') : value
}

/** The highest blocks the indexer remembers, from `below` downwards. */
export async function lastBlocks(
  db: Database,
  limit: number,
  below = Number.MAX_SAFE_INTEGER,
): Promise<BlockRow[]> {
  return db.query<BlockRow>(sql`
    select number, hash, parent, time from chain_blocks where number <= ${below}
    order by number desc limit ${limit}`)
}

/** Every stored event of a campaign, in order. */
export function eventsOfCampaign(db: Database, campaignId: Hex): Promise<ChainEvent[]> {
  return events(db, sql`e.campaign_id = ${campaignId}`)
}

/** Every stored event of a passport, offer or license, in order. */
export function eventsOfSubject(db: Database, subject: string): Promise<ChainEvent[]> {
  return events(db, sql`e.subject = ${subject}`)
}

/** Every stored event from a block on, in order. */
export function eventsFrom(db: Database, blockNumber: number): Promise<ChainEvent[]> {
  return events(db, sql`e.block_number >= ${blockNumber}`)
}

function events(db: Database, condition: Statement): Promise<ChainEvent[]> {
  return db.query<ChainEvent>(sql`
    select e.block_number as "blockNumber", e.log_index as "logIndex", b.time,
      e.transaction_hash as "transactionHash", e.contract, e.name, e.campaign_id as "campaignId", e.subject, e.args
    from chain_events e join chain_blocks b on b.number = e.block_number
    where ${condition} order by e.block_number, e.log_index`)
}
