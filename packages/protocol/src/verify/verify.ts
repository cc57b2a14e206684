import { type Crypto, pureCrypto } from '../bytes/crypto.ts'
import { type Address, type Hex, toHex, ZERO32 } from '../bytes/hex.ts'
import { addVotes, NO_VOTES, type SettledVotes } from '../consensus/votes.ts'
import { TaggerError } from '../errors.ts'
import { emptyHead } from '../records/chain.ts'
import { RecordSet } from '../records/record-set.ts'
import type { Delegation } from '../records/session-key.ts'
import { type BatchHeader, batchHashOf } from '../settlement/batch-header.ts'
import { decodeBundle, type Evidence } from '../settlement/bundle.ts'
import { type Settlement, settle } from '../settlement/settle.ts'
import { emptyState, type OpenRecord, type State } from '../settlement/state.ts'
import { decodeSpec, type Spec } from '../spec/spec.ts'
import { campaignIdOf, type Deployment, type Terms } from '../spec/terms.ts'
import { openBefore, openPayloads, verifySegment } from './chains.ts'
import { compareConclusion, compareHeader, compareRoots, compareSettlement, readState } from './outcome.ts'
import { verifyReceiptsPaid } from './receipts.ts'
import { verifyItems, verifyRecords, verifyReveals } from './rules.ts'
import { concludeStated, type StatedContext } from './stated.ts'
import { Fault, type Verdict } from './verdict.ts'

/** What the chain says. The caller reads it from the chain and checks each header's hash there. */
export interface ChainFacts {
  deployment: Deployment
  terms: Terms
  /** Headers of the campaign's final batches in order. */
  headers: readonly BatchHeader[]
}

export interface Progress {
  batch: number
  /** Records checked so far, of all that the bundles opened so far hold. */
  done: number
  total: number
}

export interface VerifyOptions {
  crypto?: Crypto
  onProgress?: (progress: Progress) => void
  /** Goes on after batches verified before: the bundles are those that follow; the facts name all. */
  from?: Verified
  /** Gets what to go on from, once all bundles passed. */
  onVerified?: (verified: Verified) => void
}

/**
 * What is known once the evidence up to a batch is verified: all that the next batch is checked against. Survives
 * structured cloning. Warning: whoever goes on from one vouches for it; it is never taken from outside.
 */
export interface Verified {
  state: State
  previous: Hex
  /** Of the batch before, −1 before the first. */
  cutAt: number
  settled: SettledVotes
  /** Submissions settled so far, by account. */
  submitted: ReadonlyMap<Address, number>
  /** Largest `owedAtLeast` of any receipt seen, by account. */
  owed: ReadonlyMap<Address, bigint>
  erased: number
  done: number
}

interface BatchOptions extends VerifyOptions {
  crypto: Crypto
  /** By account, the delegation found signed last: a worker's is mostly the same all along. */
  delegations: Map<Address, Delegation>
}

const PROGRESS_EVERY = 500

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
  let carry: Verified = options.from ?? {
    state: emptyState(campaignId),
    previous: ZERO32,
    cutAt: -1,
    settled: NO_VOTES,
    submitted: new Map(),
    owed: new Map(),
    erased: 0,
    done: 0,
  }
  let batch = carry.state.index
  const delegations = new Map<Address, Delegation>()
  try {
    for await (const car of bundles) {
      const header = facts.headers[batch]
      if (header === undefined) throw new Fault('batch-order', 'There are more bundles than final batches')
      carry = await verifyBatch(car, header, carry, facts, { ...options, crypto, delegations })
      batch++
    }
    if (batch < facts.headers.length)
      throw new Fault('bundle-missing', 'The bundle of this final batch is missing')
  } catch (cause) {
    if (cause instanceof Fault)
      return { ok: false, code: cause.code, message: cause.message, at: { batch, ...cause.at } }
    if (cause instanceof TaggerError && cause.code === 'bundle-malformed') {
      return { ok: false, code: 'bundle-malformed', message: cause.message, at: { batch } }
    }
    throw cause
  }
  options.onVerified?.(carry)
  const { state, done, erased } = carry
  const payoutsTotal = facts.headers.at(-1)?.payoutsTotal ?? 0n
  const counts = { workers: state.chains.length, items: state.results.length }
  return { ok: true, batches: batch, records: done, erased, ...counts, payoutsTotal }
}

async function verifyBatch(
  car: Uint8Array,
  header: BatchHeader,
  carry: Verified,
  facts: ChainFacts,
  options: BatchOptions,
): Promise<Verified> {
  const { crypto } = options
  const { root, evidence } = decodeBundle(car, crypto)
  const spec = verifyIdentity(evidence, header, carry, facts, crypto)
  const done = await verifyWorkers(evidence, carry, facts, options)

  const stated = readState(evidence)
  const stillOpen = new RecordSet(stated.open)
  const open = openBefore(carry.state, evidence.workers)
  const settled = stillOpen.size === 0 ? open : open.filter((record) => !stillOpen.has(record))
  const { records, erased } = openPayloads(settled, evidence.payloads, evidence.campaignId, crypto)
  const { terms } = facts
  const submitted = verifyRecords(records, {
    spec,
    terms,
    submitted: carry.submitted,
    isComplete: erased === 0,
  })
  verifyReveals(evidence, spec, carry.state, crypto)
  verifyNothingLeftOut(evidence, open, stillOpen)

  // Without every payload since the beginning a fit cannot be repeated; the rest still holds.
  const isRepeatable = carry.erased + erased === 0
  const context = { spec, pay: terms, before: carry.state, settled, records }
  const conclusion = isRepeatable
    ? repeatSettlement(evidence, context, carry.settled)
    : concludeStated(evidence, context, carry.state.pick ?? stated.pick)
  const { state } = conclusion
  compareConclusion(evidence, conclusion, crypto)
  verifyItems(spec, state, crypto)
  const owed = verifyReceiptsPaid(evidence, carry.owed, terms, state)
  compareRoots(evidence, state, crypto)
  compareHeader(evidence, root, header)
  return {
    state,
    previous: batchHashOf(header, crypto),
    cutAt: header.cutAt,
    settled: isRepeatable ? addVotes(carry.settled, spec, records) : NO_VOTES,
    submitted,
    owed,
    erased: carry.erased + erased,
    done,
  }
}

function verifyIdentity(
  evidence: Evidence,
  header: BatchHeader,
  carry: Verified,
  facts: ChainFacts,
  crypto: Crypto,
): Spec {
  const { campaignId, anchor } = evidence
  if (campaignId !== carry.state.campaignId || header.campaignId !== campaignId) {
    throw new Fault('bundle-foreign', 'This bundle belongs to another campaign')
  }
  if (campaignIdOf(evidence.terms.terms, evidence.terms, crypto) !== campaignId) {
    throw new Fault('terms-mismatch', 'The terms in the bundle are not those of the campaign', {
      root: 'terms',
    })
  }
  if (
    anchor.index !== carry.state.index ||
    header.previous !== carry.previous ||
    anchor.previous !== carry.previous
  ) {
    throw new Fault('batch-order', 'This batch does not follow the final batch before it', {
      root: 'previous',
    })
  }
  if (toHex(crypto.sha256(evidence.spec)) !== facts.terms.specHash) {
    throw new Fault('spec-mismatch', 'The spec in the bundle is not the one the terms name', { root: 'spec' })
  }
  const spec = readSpec(evidence)
  const isOnTime = anchor.closing || anchor.cutAt % spec.batch.periodSeconds === 0
  if (anchor.cutAt <= carry.cutAt || !isOnTime) {
    throw new Fault('batch-order', 'The batch is cut at a time the rules do not name', { root: 'cutAt' })
  }
  return spec
}

function readSpec(evidence: Evidence): Spec {
  try {
    return decodeSpec(evidence.spec)
  } catch (cause) {
    throw new Fault('spec-mismatch', (cause as Error).message, { root: 'spec' })
  }
}

async function verifyWorkers(
  evidence: Evidence,
  carry: Verified,
  facts: ChainFacts,
  { crypto, onProgress, delegations }: BatchOptions,
): Promise<number> {
  const heads = new Map(carry.state.chains.map(({ account, count, link }) => [account, { count, link }]))
  const seen = new Set<Hex>()
  const total = evidence.workers.reduce((sum, worker) => sum + worker.payloadHashes.length, carry.done)
  let done = carry.done
  let reported = done
  for (const worker of evidence.workers) {
    const { account } = worker
    if (seen.has(account)) throw new Fault('chain-gap', 'This worker has two segments', { account })
    seen.add(account)
    await verifySegment(worker, {
      campaignId: evidence.campaignId,
      deployment: facts.deployment,
      terms: facts.terms,
      cutAt: evidence.anchor.cutAt,
      before: heads.get(account) ?? emptyHead(evidence.campaignId, account, crypto),
      delegations,
      crypto,
    })
    done += worker.payloadHashes.length
    if (done - reported >= PROGRESS_EVERY || done === total) {
      reported = done
      onProgress?.({ batch: evidence.anchor.index, done, total })
    }
  }
  return done
}

/** A batch may not invent open records, and a closing one leaves none. */
function verifyNothingLeftOut(evidence: Evidence, open: readonly OpenRecord[], stillOpen: RecordSet): void {
  if (stillOpen.size === 0) return
  const left = open.filter((record) => stillOpen.has(record))
  if (left.length < stillOpen.size) {
    throw new Fault('state-mismatch', 'The state names a record nobody signed', { root: 'state' })
  }
  if (!evidence.anchor.closing) return
  const { account, seq } = left[0]!
  throw new Fault('record-left-out', 'The closing batch leaves a receipted record unsettled', {
    account,
    seq,
  })
}

function repeatSettlement(
  evidence: Evidence,
  { spec, pay, before, records }: StatedContext,
  settled: SettledVotes,
): Settlement {
  const items = [...new Set(records.map((record) => record.item))]
  let settlement: Settlement
  try {
    settlement = settle({
      campaignId: evidence.campaignId,
      pay,
      spec,
      state: before,
      segments: evidence.workers,
      settled,
      records,
      items,
      reveals: evidence.reveals,
      closing: evidence.anchor.closing,
    })
  } catch (cause) {
    if (!(cause instanceof TaggerError) || cause.code !== 'batch-invalid') throw cause
    const item = cause.data.item as Hex | undefined
    throw new Fault('batch-invalid', cause.message, item === undefined ? {} : { item })
  }
  compareSettlement(evidence, settlement, records)
  return settlement
}
