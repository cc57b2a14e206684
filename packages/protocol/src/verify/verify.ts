import { pureCrypto } from '../bytes/crypto.ts'
import { type Address, ZERO32 } from '../bytes/hex.ts'
import { NO_VOTES } from '../consensus/votes.ts'
import { TaggerError } from '../errors.ts'
import type { Delegation } from '../records/session-key.ts'
import { emptyState } from '../settlement/state.ts'
import { campaignIdOf } from '../spec/terms.ts'
import type { ChainFacts, Said, Verified, VerifyOptions } from './campaign.ts'
import { type OpenBatch, readBatch } from './read-batch.ts'
import { repeatBatch } from './repeat-batch.ts'
import { Fault, type Verdict } from './verdict.ts'

export type { ChainFacts, Chores, Progress, Verified, VerifyOptions } from './campaign.ts'

/**
 * Recomputes a campaign from its evidence bundles, oldest first: who signed what, every result, score and payout,
 * and compares the roots with those final on chain. Streams: one bundle is in memory at a time.
 * Returns the first fault with its place; throws only what its arguments throw.
 */
export async function verifyCampaign(
  bundles: AsyncIterable<Uint8Array> | Iterable<Uint8Array>,
  facts: ChainFacts,
  options: VerifyOptions = {},
): Promise<Verdict> {
  const crypto = options.crypto ?? pureCrypto
  const campaignId = campaignIdOf(facts.terms, facts.deployment, crypto)
  let verified: Verified = options.from ?? {
    state: emptyState(campaignId),
    previous: ZERO32,
    cutAt: -1,
    settled: NO_VOTES,
    submitted: new Map(),
    owed: new Map(),
    erased: 0,
    done: 0,
  }
  let said: Said = verified
  let open: OpenBatch | null = null
  const delegations = new Map<Address, Delegation>()
  const finish = async () => {
    if (open === null) return
    verified = await repeatBatch(open, verified, facts, crypto)
    open = null
  }
  try {
    for await (const car of bundles) {
      let next: OpenBatch
      try {
        next = await readBatch(car, said, facts, { ...options, crypto, delegations })
      } catch (cause) {
        // What is wrong with an earlier batch comes first.
        await finish()
        throw cause
      }
      await finish()
      open = next
      said = next.after
      if (options.elsewhere === undefined) await finish()
    }
    await finish()
    if (verified.state.index < facts.headers.length)
      throw new Fault('bundle-missing', 'The bundle of this final batch is missing')
  } catch (cause) {
    const at = { batch: verified.state.index }
    if (cause instanceof Fault)
      return { ok: false, code: cause.code, message: cause.message, at: { ...at, ...cause.at } }
    if (cause instanceof TaggerError && cause.code === 'bundle-malformed') {
      return { ok: false, code: 'bundle-malformed', message: cause.message, at }
    }
    throw cause
  }
  options.onVerified?.(verified)
  const { state, done, erased } = verified
  const payoutsTotal = facts.headers.at(-1)?.payoutsTotal ?? 0n
  const counts = { workers: state.chains.length, items: state.results.length }
  return { ok: true, batches: state.index, records: done, erased, ...counts, payoutsTotal }
}
