import { type Address, type Hex, TaggerError } from '@tagger/protocol'
import type { Store } from '../store.ts'

/** What it takes to reveal a vote. Whoever has it knows the vote; whoever lost it has lost the vote. */
export interface KeptVote {
  isValid: boolean
  salt: Hex
}

/** Keeps a vote until it is revealed. */
export async function keepVote(store: Store, of: VoteOf, vote: KeptVote): Promise<void> {
  await store.set(keyOf(of), JSON.stringify(vote))
}

/** The vote this store keeps, null when there is none. */
export async function readKeptVote(store: Store, of: VoteOf): Promise<KeptVote | null> {
  const kept = await store.get(keyOf(of))
  return kept === null ? null : (JSON.parse(kept) as KeptVote)
}

/** A copy of a kept vote as text: `tagger vote reveal --votes` reads it, and so does {@link restoreVote}. */
export function backUpVote(of: VoteOf, vote: KeptVote): string {
  return JSON.stringify({ [keyOf(of)]: JSON.stringify(vote) }, null, 2)
}

/** Keeps the vote of such a copy. @throws TaggerError `bad-document` when it holds no vote of this account here. */
export async function restoreVote(store: Store, of: VoteOf, text: string): Promise<void> {
  const vote = read(() => JSON.parse((JSON.parse(text) as Record<string, string>)[keyOf(of)]!) as KeptVote)
  if (typeof vote?.isValid !== 'boolean' || !/^0x[0-9a-f]{64}$/.test(vote.salt)) {
    throw new TaggerError('bad-document', 'This file holds no vote of this account in this dispute')
  }
  await keepVote(store, of, vote)
}

/** Whose vote, and where. */
export interface VoteOf {
  disputeId: Hex
  account: Address
}

function keyOf({ disputeId, account }: VoteOf): string {
  return `vote:${disputeId}:${account}`
}

function read<T>(parse: () => T): T | null {
  try {
    return parse()
  } catch {
    return null
  }
}
