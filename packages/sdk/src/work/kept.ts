import { type Address, type Hex, type SignedReceipt, TaggerError } from '@tagger/protocol'
import {
  type KeptCampaign,
  KeptCampaignDocument,
  type KeptClaim,
  KeptClaimDocument,
  ReceiptDocument,
  SavedReceiptsDocument,
} from '@tagger/protocol/wire'
import type { Store } from '../store.ts'

/** Remembers a campaign. */
export async function keepCampaign(store: Store, { id, title, terms, network }: KeptCampaign): Promise<void> {
  const { name, chainId, rpcUrl, isLocal, contracts, tokens } = network
  const document = { id, title, terms, network: { name, chainId, rpcUrl, isLocal, contracts, tokens } }
  await store.set(campaignKey(id), toText(document))
}

/** A campaign this device remembers, null when it does not. */
export async function readCampaignKept(store: Store, id: Hex): Promise<KeptCampaign | null> {
  const text = await store.get(campaignKey(id))
  return text === null ? null : fromText(KeptCampaignDocument, text, campaignKey(id))
}

/** Keeps the newest receipt of a chain: what the worker holds against the operator. */
export async function keepReceipt(store: Store, receipt: SignedReceipt): Promise<void> {
  await store.set(receiptKey(receipt), toText(receipt))
}

/** The newest receipt kept here, null when there is none. */
export async function readReceipt(
  store: Store,
  chain: { campaignId: Hex; account: Address },
): Promise<SignedReceipt | null> {
  const text = await store.get(receiptKey(chain))
  return text === null ? null : fromText(ReceiptDocument, text, receiptKey(chain))
}

/** Keeps what a final batch pays an account; a later batch pays all that an earlier one did. */
export async function keepClaim(store: Store, { header, claim }: KeptClaim): Promise<void> {
  const chain = { campaignId: header.campaignId, account: claim.account }
  const known = await readClaimKept(store, chain)
  if (known === null || known.claim.amount < claim.amount) {
    await store.set(claimKey(chain), toText({ header, claim }))
  }
}

/** What is kept of it, null when nothing is. */
export async function readClaimKept(
  store: Store,
  chain: { campaignId: Hex; account: Address },
): Promise<KeptClaim | null> {
  const text = await store.get(claimKey(chain))
  return text === null ? null : fromText(KeptClaimDocument, text, claimKey(chain))
}

/** Every receipt kept here, of one account or of all. */
export async function listReceipts(store: Store, account?: Address): Promise<SignedReceipt[]> {
  const receipts: SignedReceipt[] = []
  for (const key of await store.keys('receipt:')) {
    const [, campaignId, owner] = key.split(':') as [string, Hex, Address]
    const receipt = account === undefined || owner === account ? await store.get(key) : null
    if (receipt !== null) receipts.push(fromText(ReceiptDocument, receipt, `receipt:${campaignId}`))
  }
  return receipts
}

const SAVED = /^(campaign|receipt|chain|claim):0x/

/** Receipts with all they need, as one text: to be opened on another device, or in another node's app. */
export async function saveReceipts(store: Store): Promise<string> {
  const entries: Record<string, string> = {}
  for (const key of await store.keys('')) {
    if (SAVED.test(key)) entries[key] = (await store.get(key)) ?? ''
  }
  return JSON.stringify({ tagger: 'receipts', entries })
}

/**
 * Takes over what {@link saveReceipts} wrote; of two receipts of one chain the longer one stays. Answers with how many
 * receipts the text holds. Throws `bad-document`.
 */
export async function openReceipts(store: Store, text: string): Promise<number> {
  const { entries } = fromText(SavedReceiptsDocument, text, 'This file')
  let count = 0
  for (const [key, value] of Object.entries(entries)) {
    if (!SAVED.test(key)) continue
    if (key.startsWith('receipt:')) {
      count += 1
      const receipt = fromText(ReceiptDocument, value, key)
      const known = await readReceipt(store, receipt)
      if (key !== receiptKey(receipt) || (known !== null && known.count >= receipt.count)) continue
    }
    if (key.startsWith('claim:')) {
      await keepClaim(store, fromText(KeptClaimDocument, value, key))
      continue
    }
    await store.set(key, value)
  }
  return count
}

function campaignKey(id: Hex): string {
  return `campaign:${id}`
}

function receiptKey({ campaignId, account }: { campaignId: Hex; account: Address }): string {
  return `receipt:${campaignId}:${account}`
}

function claimKey({ campaignId, account }: { campaignId: Hex; account: Address }): string {
  return `claim:${campaignId}:${account}`
}

interface Schema<T> {
  safeParse(value: unknown): { success: true; data: T } | { success: false }
}

function toText(document: unknown): string {
  return JSON.stringify(document, (_, value) => (typeof value === 'bigint' ? value.toString() : value))
}

function fromText<T>(schema: Schema<T>, text: string, what: string): T {
  let document: unknown = null
  try {
    document = JSON.parse(text)
  } catch {
    // Refused below, as anything else that is not what it should be.
  }
  const parsed = schema.safeParse(document)
  if (parsed.success) return parsed.data
  throw new TaggerError('bad-document', `${what} does not hold receipts as they were kept`, {
    hints: ['It may be damaged, or from another version of Tagger.'],
  })
}
