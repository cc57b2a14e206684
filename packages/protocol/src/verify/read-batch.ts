import type { Crypto } from '../bytes/crypto.ts'
import { type Hex, toHex } from '../bytes/hex.ts'
import { type Fitted, makeFit } from '../consensus/fit-task.ts'
import { NO_VOTES, type SettledVotes } from '../consensus/votes.ts'
import { RecordSet } from '../records/record-set.ts'
import { type BatchHeader, batchHashOf } from '../settlement/batch-header.ts'
import { decodeBundle, type Evidence } from '../settlement/bundle.ts'
import { type BatchRoots, rootsOf } from '../settlement/roots.ts'
import { type OpenSettlement, openSettlement } from '../settlement/settle.ts'
import type { OpenRecord } from '../settlement/state.ts'
import type { Spec } from '../spec/spec.ts'
import type { ChainFacts, Chores, Said, Statement } from './campaign.ts'
import { openBefore, openPayloads } from './chains.ts'
import { verifyIdentity } from './identity.ts'
import { listsOf, readState } from './outcome.ts'
import { verifyRecords, verifyReveals } from './rules.ts'
import type { StatedContext } from './stated.ts'
import { Fault, refusing } from './verdict.ts'
import { heard, verifyWorkers, type WorkersOptions } from './workers.ts'

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
  /** Rejects with the fault when someone did not sign what the bundle says they did. */
  signatures: Promise<void>
  /** Made in another thread meanwhile; null where that is left to the comparison. */
  roots: Promise<BatchRoots> | null
  /** Null where erased payloads keep the fit from being repeated. */
  repetition: { settlement: OpenSettlement; fitted: Promise<Fitted> } | null
}

/** Checks that the records of a batch were rightly made: who signed what, in which order, and by which rules. */
export async function readBatch(
  car: Uint8Array,
  before: Said,
  facts: ChainFacts,
  options: WorkersOptions,
): Promise<OpenBatch> {
  const { crypto, elsewhere } = options
  const header = facts.headers[before.state.index]
  if (header === undefined) throw new Fault('batch-order', 'There are more bundles than final batches')
  const { root, evidence } = decodeBundle(car, crypto)
  const spec = verifyIdentity(evidence, header, before, facts, crypto)
  const { done, signatures } = await verifyWorkers(evidence, before, facts, options)
  let read: ReadRecords
  try {
    read = readRecords(evidence, spec, before, facts, crypto)
  } catch (cause) {
    await signatures
    throw cause
  }
  const { context, state, submitted, erased } = read

  // The file itself is not needed any more, and large: what is kept may not name its bytes. Nor are checked links.
  const { payloads: _payloads, spec: _spec, state: stateBytes, ...stated } = evidence
  const workers = evidence.workers.map((worker) => ({ ...worker, links: worker.links.slice(-1) }))
  const statement = { ...stated, workers }
  // Without every payload since the beginning a fit cannot be repeated; the rest still holds.
  const repetition = erased === 0 ? beginSettlement(statement, context, before.settled, elsewhere) : null
  // After the last batch there is nothing to read meanwhile: the trees are built here while the fit is made there.
  const isLast = facts.headers.length === header.index + 1
  const lists = listsOf(statement, state)
  let roots: OpenBatch['roots'] = null
  if (elsewhere) roots = isLast ? Promise.resolve(rootsOf(lists, crypto)) : heard(elsewhere.rootsOf(lists))
  return {
    statement,
    stateDigest: toHex(crypto.sha256(stateBytes)),
    root,
    header,
    context,
    signatures,
    repetition,
    roots,
    after: {
      state,
      previous: batchHashOf(header, crypto),
      cutAt: header.cutAt,
      settled: repetition?.settlement.fit.votes.settled ?? NO_VOTES,
      submitted,
      erased,
      done,
    },
  }
}

interface ReadRecords extends Pick<Said, 'state' | 'submitted' | 'erased'> {
  context: StatedContext
}

/** Opens the payloads of the records a batch settles, and checks them against the rules. */
function readRecords(
  evidence: Evidence,
  spec: Spec,
  before: Said,
  { terms }: ChainFacts,
  crypto: Crypto,
): ReadRecords {
  const state = readState(evidence, before.state)
  const stillOpen = new RecordSet(state.open)
  const open = openBefore(before.state, evidence.workers)
  const settled = stillOpen.size === 0 ? open : open.filter((record) => !stillOpen.has(record))
  const { records, erased } = openPayloads(settled, evidence.payloads, evidence.campaignId, crypto)
  const submitted = verifyRecords(records, {
    spec,
    terms,
    submitted: before.submitted,
    isComplete: erased === 0,
  })
  verifyReveals(evidence, spec, before.state, crypto)
  verifyNothingLeftOut(evidence, open, stillOpen)
  const context = { spec, pay: terms, before: before.state, settled, records }
  return { context, state, submitted, erased: before.erased + erased }
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
  statement: Statement,
  { spec, pay, before, records }: StatedContext,
  settled: SettledVotes,
  elsewhere: Chores | undefined,
): NonNullable<OpenBatch['repetition']> {
  const items = [...new Set(records.map((record) => record.item))]
  const settlement = refusing(() =>
    openSettlement({
      campaignId: statement.campaignId,
      pay,
      spec,
      state: before,
      segments: statement.workers,
      settled,
      records,
      items,
      reveals: statement.reveals,
      closing: statement.anchor.closing,
    }),
  )
  const { task } = settlement.fit
  const fitted = elsewhere ? heard(elsewhere.makeFit(task)) : Promise.resolve(makeFit(task))
  return { settlement, fitted }
}
