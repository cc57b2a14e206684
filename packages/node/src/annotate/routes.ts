import { emptyHead, type SignedReceipt, TaggerError } from '@tagger/protocol'
import { endpoints, type ReceiptDocument } from '@tagger/protocol/wire'
import type { z } from 'zod'
import { workCampaign } from '../assign/campaign.ts'
import type { Routes } from '../http/routes.ts'
import type { Node } from '../node.ts'
import { appendChunk } from './append.ts'
import { claimOf, openClaims } from './claims.ts'
import { ownEarnings } from './earnings.ts'
import { ownRecords } from './own-records.ts'
import { type ChainRow, selectChain } from './queries.ts'

/** A worker's chain, what became of it, and what it earned. */
export function annotateRoutes(routes: Routes, node: Node): void {
  routes.on(endpoints.getChain, async ({ params, account }) => {
    const campaign = await workCampaign(node, params.id)
    const work = { campaignId: campaign.id, account: account! }
    const [row] = await node.db.query<ChainRow>(selectChain(work))
    if (row === undefined) {
      return { head: emptyHead(campaign.id, account!, node.crypto), signed: null, receipt: null }
    }
    const head = { count: row.count, link: row.link }
    return {
      head,
      signed: { ...head, publicKey: row.public_key, signature: row.signature },
      receipt: receiptDocument({
        ...work,
        ...head,
        owedAtLeast: BigInt(row.owed_at_least),
        issuedAt: row.issued_at,
        signature: row.receipt_signature,
      }),
    }
  })

  routes.on(endpoints.appendRecords, async ({ params, body, account }) => {
    const campaign = await workCampaign(node, params.id)
    const payloads = body.payloads.map(decodeBase64)
    const receipt = await appendChunk(node, campaign, account!, { payloads, signed: body.head })
    return { receipt: receiptDocument(receipt) }
  })

  routes.on(endpoints.listOwnRecords, ({ account, query }) => ownRecords(node, account!, query))
  routes.on(endpoints.listOwnEarnings, ({ account }) => ownEarnings(node, account!))
  routes.on(endpoints.getClaim, ({ params }) => claimOf(node, params.id, params.account))
  routes.on(endpoints.listClaims, ({ params, query }) => openClaims(node, params.id, query))
}

function decodeBase64(text: string, index: number): Uint8Array {
  const bytes = Buffer.from(text, 'base64')
  // Node skips what is not base64: without this comparison two texts would be one payload.
  if (bytes.toString('base64') !== text) {
    throw new TaggerError('record-invalid', `Payload ${index + 1} of the chunk is not base64`, {
      data: { index },
    })
  }
  return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length)
}

function receiptDocument(receipt: SignedReceipt): z.input<typeof ReceiptDocument> {
  return { ...receipt, owedAtLeast: receipt.owedAtLeast.toString() }
}
