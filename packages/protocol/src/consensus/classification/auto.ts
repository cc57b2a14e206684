import { agreementVote } from './auto-agreement.ts'
import { fitCoin } from './auto-coin.ts'
import { fitTables } from './auto-tables.ts'
import type { Classification, Classifier, LabelTable } from './label-table.ts'
import { voteShares } from './response-model.ts'

/** What a campaign writes into its state when its method is picked, and keeps: integers only. */
export interface MethodPick {
  readonly method: 'auto'
  readonly version: 1
  /** How much each member counts. */
  readonly weights: Readonly<Record<Member, number>>
}

/**
 * Beliefs about a crowd. Tables: workers err in ways of their own, and together on hard items; once begun at the votes
 * and once at the coin's answers, because which solution is reached can hang on that. Coin: workers are just more or
 * less careful. Agreement: the votes are right, some workers' more.
 */
export type Member = 'tablesFromVotes' | 'tablesFromCoin' | 'coin' | 'agreement'

/**
 * Picks how `auto` answers in a campaign. Version 1 believes every member alike. Weights by evidence (held-out labels,
 * evidence of starts, agreement of two halves of the crowd) were tried and served no better (docs/consensus.md); what
 * the records decide is how much workers differ, within the tables.
 */
export function pickMethod(_table: LabelTable, _known: Int32Array): MethodPick {
  return {
    method: 'auto',
    version: 1,
    weights: { tablesFromVotes: 1, tablesFromCoin: 1, coin: 1, agreement: 1 },
  }
}

/** Class probabilities under a pick: the members' probabilities, averaged by weight. Known items keep their class. */
export function classify({ weights }: MethodPick, table: LabelTable, known: Int32Array): Classification {
  const coin = fitCoin(table, known)
  const members: readonly [weight: number, fit: Classification][] = [
    [weights.tablesFromVotes, fitTables(table, known, voteShares(table, known))],
    [weights.tablesFromCoin, fitTables(table, known, coin.posterior)],
    [weights.coin, coin],
    [weights.agreement, agreementVote(table, known)],
  ]
  let total = 0
  for (const [weight] of members) total += weight
  const mix = (size: number, rowsOf: (fit: Classification) => Float64Array): Float64Array => {
    const mixed = new Float64Array(size)
    for (const [weight, fit] of members) {
      const rows = rowsOf(fit)
      for (let i = 0; i < size; i++) mixed[i]! += weight * rows[i]!
    }
    for (let i = 0; i < size; i++) mixed[i]! /= total
    return mixed
  }
  return {
    posterior: mix(table.items * table.classes, (fit) => fit.posterior),
    withoutLabel: (index) => mix(table.classes, (fit) => fit.withoutLabel(index)),
  }
}

/** The default method: {@link pickMethod}, then {@link classify}. */
export const auto: Classifier = (table, known) => classify(pickMethod(table, known), table, known)
