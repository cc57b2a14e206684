import type { Crypto } from '../bytes/crypto.ts'
import { type Address, type Hex, toHex } from '../bytes/hex.ts'
import { type Fitted, makeFit } from '../consensus/fit-task.ts'
import { NO_VOTES, type SettledVotes } from '../consensus/votes.ts'
import { emptyHead } from '../records/chain.ts'
import { RecordSet } from '../records/record-set.ts'
import type { Delegation } from '../records/session-key.ts'
import { type BatchHeader, batchHashOf } from '../settlement/batch-header.ts'
import { decodeBundle, type Evidence } from '../settlement/bundle.ts'
import { type OpenSettlement, openSettlement } from '../settlement/settle.ts'
import type { OpenRecord } from '../settlement/state.ts'
import { decodeSpec, type Spec } from '../spec/spec.ts'
import { campaignIdOf } from '../spec/terms.ts'
import type { ChainFacts, Said, Statement, VerifyOptions } from './campaign.ts'
import { openBefore, openPayloads, verifySegment } from './chains.ts'
import { readState } from './outcome.ts'
import { verifyRecords, verifyReveals } from './rules.ts'
import type { StatedContext } from './stated.ts'
import { Fault, refusing } from './verdict.ts'

export interface BatchOptions extends VerifyOptions {
  crypto: Crypto
  /** By account, the delegation found signed last: a worker's is mostly the same all along. */
  delegations: Map<Address, Delegation>
}

/** A batch whose records are read and were rightly made; what follows from them is still to be repeated. */
export interface OpenBatch {
  statement: Statement
  /** Of the state block. */
  stateDigest: Hex
  /** Of the bundle's root block. */
  root: Hex
  header: BatchHeader
  context: StatedContext
  after: Said
  /** Null where erased payloads keep the fit from being repeated. */
  repetition: { settlement: OpenSettlement; fitted: Promise<Fitted> } | null
}

const PROGRESS_EVERY = 500

/** Checks that the records of a batch were rightly made: who signed what, in which order, and by which rules. */
export async function readBatch(
  car: Uint8Array,
  before: Said,
  facts: ChainFacts,
  options: BatchOptions,
): Promise<OpenBatch> {
  const { crypto } = options
  const header = facts.headers[before.state.index]
  if (header === undefined) throw new Fault('batch-order', 'There are more bundles than final batches')
  const { root, evidence } = decodeBundle(car, crypto)
  const spec = verifyIdentity(evidence, header, before, facts, crypto)
  const done = await verifyWorkers(evidence, before, facts, options)

  const stated = readState(evidence)
  const stillOpen = new RecordSet(stated.open)
  const open = openBefore(before.state, evidence.workers)
  const settled = stillOpen.size === 0 ? open : open.filter((record) => !stillOpen.has(record))
  const { records, erased } = openPayloads(settled, evidence.payloads, evidence.campaignId, crypto)
  const { terms } = facts
  const submitted = verifyRecords(records, {
    spec,
    terms,
    submitted: before.submitted,
    isComplete: erased === 0,
  })
  verifyReveals(evidence, spec, before.state, crypto)
  verifyNothingLeftOut(evidence, open, stillOpen)

  // Without every payload since the beginning a fit cannot be repeated; the rest still holds.
  const isRepeatable = before.erased + erased === 0
  const context = { spec, pay: terms, before: before.state, settled, records }
  const repetition = isRepeatable ? beginSettlement(evidence, context, before.settled, options) : null
  // The file itself is not needed any more, and large: what is kept may not name its bytes.
  const { payloads: _payloads, spec: _spec, state: _state, ...statement } = evidence
  return {
    statement,
    stateDigest: toHex(crypto.sha256(evidence.state)),
    root,
    header,
    context,
    repetition,
    after: {
      state: stated,
      previous: batchHashOf(header, crypto),
      cutAt: header.cutAt,
      settled: repetition?.settlement.fit.votes.settled ?? NO_VOTES,
      submitted,
      erased: before.erased + erased,
      done,
    },
  }
}

function verifyIdentity(
  evidence: Evidence,
  header: BatchHeader,
  before: Said,
  facts: ChainFacts,
  crypto: Crypto,
): Spec {
  const { campaignId, anchor } = evidence
  if (campaignId !== before.state.campaignId || header.campaignId !== campaignId) {
    throw new Fault('bundle-foreign', 'This bundle belongs to another campaign')
  }
  if (campaignIdOf(evidence.terms.terms, evidence.terms, crypto) !== campaignId) {
    throw new Fault('terms-mismatch', 'The terms in the bundle are not those of the campaign', {
      root: 'terms',
    })
  }
  if (
    anchor.index !== before.state.index ||
    header.previous !== before.previous ||
    anchor.previous !== before.previous
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
  if (anchor.cutAt <= before.cutAt || !isOnTime) {
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
  before: Said,
  facts: ChainFacts,
  { crypto, onProgress, delegations }: BatchOptions,
): Promise<number> {
  const heads = new Map(before.state.chains.map(({ account, count, link }) => [account, { count, link }]))
  const seen = new Set<Hex>()
  const total = evidence.workers.reduce((sum, worker) => sum + worker.payloadHashes.length, before.done)
  let done = before.done
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

function beginSettlement(
  evidence: Evidence,
  { spec, pay, before, records }: StatedContext,
  settled: SettledVotes,
  { fitElsewhere }: BatchOptions,
): NonNullable<OpenBatch['repetition']> {
  const items = [...new Set(records.map((record) => record.item))]
  const settlement = refusing(() =>
    openSettlement({
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
    }),
  )
  const { task } = settlement.fit
  const fitted = fitElsewhere ? fitElsewhere(task) : Promise.resolve(makeFit(task))
  // Whoever awaits it later sees the error; until then it is not unhandled.
  fitted.catch(() => undefined)
  return { settlement, fitted }
}
