import type { Crypto } from '../bytes/crypto.ts'
import type { Address, Hex } from '../bytes/hex.ts'
import type { FitTask, Fitted } from '../consensus/fit-task.ts'
import type { SettledVotes } from '../consensus/votes.ts'
import type { BatchHeader } from '../settlement/batch-header.ts'
import type { Evidence } from '../settlement/bundle.ts'
import type { BatchLists, BatchRoots } from '../settlement/roots.ts'
import type { State } from '../settlement/state.ts'
import type { Deployment, Terms } from '../spec/terms.ts'
import type { SignatureTask, Unsigned } from './signatures.ts'

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

/** The parts of verifying that take long and need no more than they are given: they may be done in another thread. */
export interface Chores {
  findUnsigned(task: SignatureTask): Promise<Unsigned | null>
  makeFit(task: FitTask): Promise<Fitted>
  rootsOf(lists: BatchLists): Promise<BatchRoots>
}

export interface VerifyOptions {
  crypto?: Crypto
  onProgress?: (progress: Progress) => void
  /** Goes on after batches verified before: the bundles are those that follow; the facts name all. */
  from?: Verified
  /** Gets what to go on from, once all bundles passed. */
  onVerified?: (verified: Verified) => void
  /** Does the chores in another thread, while the next bundle is read here: two bundles are then in memory at a time. */
  elsewhere?: Chores
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

/** What the batches before a bundle say, which is believed once each of them was repeated. */
export type Said = Omit<Verified, 'owed'>

/** What a bundle says came of its records. */
export type Statement = Omit<Evidence, 'payloads' | 'spec' | 'state'>
