import type { Votes } from './votes.ts'

/** A fitted classification: probabilities of labels per item, with everything or with one vote left out. */
export interface Classification {
  /** items × labels, row by row. */
  posterior: Float64Array
  /** Probabilities of the labels of a vote's item under everything but that vote's own likelihood. */
  withoutVote(index: number): Float64Array
}

/** A method: votes and known labels (per item a label index or −1) to probabilities. Pure and bit-exact. */
export type Classifier = (votes: Votes, known: Int32Array) => Classification
