import type { Database } from '../db/database.ts'
import { json, sql } from '../db/sql.ts'
import { amountOf, type ChainEvent, hexOf } from './event.ts'
import { eventsOfSubject } from './events-table.ts'
import { foldLicense, foldOffer, foldPassport } from './fold-trade.ts'

const KINDS = { passport: savePassport, offer: saveOffer, license: saveLicense }

/**
 * Folds all events of a passport, offer or license into its row; there are never many of them. Other subjects are
 * none of its business.
 */
export async function applySubject(tx: Database, subject: string): Promise<void> {
  const [kind, id] = subject.split(':') as [string, string]
  if (!Object.hasOwn(KINDS, kind)) return
  await KINDS[kind as keyof typeof KINDS](tx, id, await eventsOfSubject(tx, subject))
}

async function savePassport(tx: Database, id: string, events: ChainEvent[]): Promise<void> {
  const passport = events.reduce(foldPassport, null)
  await tx.query(sql`delete from passports where id = ${id}`)
  await tx.query(sql`delete from passport_versions where passport_id = ${id}`)
  if (passport === null) return
  const { owner, versions } = passport
  await tx.query(sql`insert into passports (id, owner, version) values (${id}, ${owner}, ${versions.length})`)
  for (const [index, { document, transactionHash }] of versions.entries()) {
    await tx.query(sql`
      insert into passport_versions (passport_id, version, content_root, sources, document, transaction_hash)
      values (${id}, ${index + 1}, ${document.contentRoot}, ${json(document.sources)}, ${json(document)},
        ${transactionHash})`)
  }
}

async function saveOffer(tx: Database, id: string, events: ChainEvent[]): Promise<void> {
  const offer = events.reduce(foldOffer, null)
  await tx.query(sql`delete from offers where id = ${id}`)
  if (offer === null) return
  await tx.query(sql`
    insert into offers (id, passport_id, offer, is_open)
    values (${id}, ${offer.passportId}, ${json(offer.offer)}, ${offer.isOpen})`)
}

async function saveLicense(tx: Database, id: string, events: ChainEvent[]): Promise<void> {
  const license = events.reduce(foldLicense, null)
  await tx.query(sql`delete from licenses where id = ${id}`)
  if (license === null) return
  await tx.query(sql`
    insert into licenses (id, offer_id, passport_id, version, owner, price, buyer_public_key, sealed_key, status,
      purchased_at, delivered_at, inspect_until, released_at, expires_at, revenue, purchase_transaction)
    values (${id}, ${license.offerId}, ${license.passportId}, ${license.version}, ${license.owner},
      ${license.price}, ${license.buyerPublicKey}, ${license.sealedKey}, ${license.status},
      ${license.purchasedAt}, ${license.deliveredAt}, ${license.inspectUntil}, ${license.releasedAt},
      ${license.expiresAt}, ${license.revenue}, ${license.purchaseTransaction})`)
}

/** Keeps claimed shares of dataset revenue. */
export async function saveShareClaims(tx: Database, events: readonly ChainEvent[]): Promise<void> {
  for (const event of events) {
    if (event.contract !== 'licenses' || event.name !== 'ShareClaimed') continue
    await tx.query(sql`
      insert into share_claims (passport_id, batch, account, token, amount, block_number, log_index)
      values (${String(event.args.passportId)}, ${hexOf(event, 'batch')}, ${hexOf(event, 'account')},
        ${hexOf(event, 'token')}, ${amountOf(event, 'amount')}, ${event.blockNumber}, ${event.logIndex})
      on conflict (block_number, log_index) do nothing`)
  }
}
