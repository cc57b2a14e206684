import type { Crypto } from '../bytes/crypto.ts'
import type { Address, Hex } from '../bytes/hex.ts'
import { emptyHead } from '../records/chain.ts'
import type { Delegation } from '../records/session-key.ts'
import type { Evidence } from '../settlement/bundle.ts'
import type { ChainFacts, Chores, Said, VerifyOptions } from './campaign.ts'
import { checkSegment } from './chains.ts'
import { findUnsigned, type SignatureTask, type SignedSegment, unsignedFault } from './signatures.ts'
import { Fault } from './verdict.ts'

export interface WorkersOptions extends VerifyOptions {
  crypto: Crypto
  /** By account, the delegation seen last: a worker's is mostly the same all along. */
  delegations: Map<Address, Delegation>
}

const PROGRESS_EVERY = 500

/**
 * Checks every worker's segment. The signatures are checked on the way, or elsewhere: then `signatures` settles once
 * they are.
 */
export async function verifyWorkers(
  evidence: Evidence,
  before: Said,
  facts: ChainFacts,
  { crypto, onProgress, delegations, elsewhere }: WorkersOptions,
): Promise<{ done: number; signatures: Promise<void> }> {
  const { campaignId, anchor, workers } = evidence
  const task = (segments: readonly SignedSegment[]): SignatureTask => {
    const { deployment, terms } = facts
    return { campaignId, deployment, receiptKey: terms.receiptKey, cutAt: anchor.cutAt, segments }
  }
  const heads = new Map(before.state.chains.map(({ account, count, link }) => [account, { count, link }]))
  const seen = new Set<Hex>()
  const waiting: SignedSegment[] = []
  const total = workers.reduce((sum, worker) => sum + worker.payloadHashes.length, before.done)
  let done = before.done
  let reported = done
  try {
    for (const worker of workers) {
      const { account } = worker
      if (seen.has(account)) throw new Fault('chain-gap', 'This worker has two segments', { account })
      seen.add(account)
      const segment = checkSegment(worker, {
        before: heads.get(account) ?? emptyHead(campaignId, account, crypto),
        delegations,
        crypto,
      })
      if (elsewhere !== undefined) waiting.push(segment)
      else await requireSigned(task([segment]), (signatures) => findUnsigned(signatures, crypto))
      done += worker.payloadHashes.length
      if (done - reported >= PROGRESS_EVERY || done === total) {
        reported = done
        onProgress?.({ batch: anchor.index, done, total })
      }
    }
  } catch (cause) {
    // What is wrong with an earlier worker comes first.
    if (elsewhere !== undefined) await requireSigned(task(waiting), elsewhere.findUnsigned)
    throw cause
  }
  if (elsewhere === undefined) return { done, signatures: Promise.resolve() }
  return { done, signatures: heard(requireSigned(task(waiting), elsewhere.findUnsigned)) }
}

/** A promise whose error somebody sees later; until then it is not unhandled. */
export function heard<T>(promise: Promise<T>): Promise<T> {
  promise.catch(() => undefined)
  return promise
}

async function requireSigned(task: SignatureTask, find: Chores['findUnsigned']): Promise<void> {
  const unsigned = await find(task)
  if (unsigned !== null) throw unsignedFault(task, unsigned)
}
