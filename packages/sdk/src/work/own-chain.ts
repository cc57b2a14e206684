import {
  type Address,
  type Crypto,
  type Delegation,
  emptyHead,
  encodeCanonical,
  extendChain,
  type Hex,
  type SignedHead,
  type SignedReceipt,
  TaggerError,
  toHex,
} from '@tagger/protocol'
import { DelegationDocument, SignedHeadDocument } from '@tagger/protocol/wire'
import type { Store } from '../store.ts'
import { fromBase64, toBase64 } from './records.ts'

/** Records that traveled together, with what proves who signed them. */
export interface OwnChunk {
  /** `seq` of the first. */
  from: number
  payloads: readonly Uint8Array[]
  head: SignedHead
  delegation: Delegation
}

/** A chain made public: whoever reads it sees that the receipt is for work that somebody did. */
export interface ChainEvidence {
  /** SHA-256 of the bytes: what `registerReceipt` announces. */
  digest: Hex
  /** DAG-CBOR {v, campaignId, account, head, delegation, payloads}. */
  bytes: Uint8Array
}

/** Keeps a chunk of one's own records as it was signed; written before it is sent, and again when it is sent anew. */
export async function keepChunk(
  store: Store,
  chain: { campaignId: Hex; account: Address },
  { from, payloads, head, delegation }: OwnChunk,
): Promise<void> {
  const document = {
    payloads: payloads.map(toBase64),
    head,
    delegation: { ...delegation, nonce: delegation.nonce.toString() },
  }
  await store.set(`${chunkKey(chain)}${from}`, JSON.stringify(document))
}

/**
 * The chain a receipt is for, from the chunks kept here. Null when this device did not make or keep all of it:
 * the receipt counts all the same, but nobody can look at the work.
 */
export async function readEvidence(
  store: Store,
  receipt: SignedReceipt,
  crypto: Crypto,
): Promise<ChainEvidence | null> {
  const { campaignId, account } = receipt
  let head = emptyHead(campaignId, account, crypto)
  const payloads: Uint8Array[] = []
  let last: { head: SignedHead; delegation: Delegation } | null = null
  while (head.count < receipt.count) {
    const text = await store.get(`${chunkKey(receipt)}${head.count + 1}`)
    if (text === null) return null
    const chunk = JSON.parse(text)
    const added = (chunk.payloads as string[]).map(fromBase64)
    try {
      const { link } = extendChain(campaignId, account, head, added, crypto).at(-1)!
      head = { count: head.count + added.length, link }
    } catch (error) {
      // Left behind by a send that another device was ahead of.
      if (error instanceof TaggerError) return null
      throw error
    }
    payloads.push(...added)
    last = {
      head: SignedHeadDocument.parse(chunk.head),
      delegation: DelegationDocument.parse(chunk.delegation),
    }
  }
  if (last === null || head.link !== receipt.link) return null
  const delegation = { ...last.delegation, nonce: last.delegation.nonce.toString() }
  const bytes = encodeCanonical({ v: 1, campaignId, account, head: { ...last.head }, delegation, payloads })
  return { digest: toHex(crypto.sha256(bytes)), bytes }
}

function chunkKey({ campaignId, account }: { campaignId: Hex; account: Address }): string {
  return `chain:${campaignId}:${account}:`
}
