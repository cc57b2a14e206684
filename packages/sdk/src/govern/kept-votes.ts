import { type Address, type Hex, TaggerError } from '@tagger/protocol'
import { encodeAbiParameters, keccak256 } from 'viem'
import type { Store } from '../store.ts'

/** What it takes to reveal a vote. Whoever has it knows the vote; whoever lost it has lost the vote. */
export interface KeptVote {
  isValid: boolean
  salt: Hex
}

/** Keeps a vote, beside those kept before: one of them may have been committed without an answer. */
export async function keepVote(store: Store, of: VoteOf, vote: KeptVote): Promise<void> {
  const kept = await readKeptVotes(store, of)
  if (kept.some(({ isValid, salt }) => isValid === vote.isValid && salt === vote.salt)) return
  await store.set(keyOf(of), JSON.stringify([...kept, vote]))
}

/** The vote this store keeps, the last one if there are several, null when there is none. */
export async function readKeptVote(store: Store, of: VoteOf): Promise<KeptVote | null> {
  return (await readKeptVotes(store, of)).at(-1) ?? null
}

/** Every vote kept of this account in this dispute. */
export async function readKeptVotes(store: Store, of: VoteOf): Promise<KeptVote[]> {
  const kept = await store.get(keyOf(of))
  return kept === null ? [] : [JSON.parse(kept) as KeptVote | KeptVote[]].flat()
}

/** What `Disputes.commitVote` takes. */
export function commitmentOf({ disputeId, account }: VoteOf, { isValid, salt }: KeptVote): Hex {
  const types = [{ type: 'bytes32' }, { type: 'address' }, { type: 'bool' }, { type: 'bytes32' }] as const
  return keccak256(encodeAbiParameters(types, [disputeId, account, isValid, salt]))
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
