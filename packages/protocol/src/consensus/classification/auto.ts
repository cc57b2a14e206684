import { agreementVote } from './auto-agreement.ts'
import { fitCoin } from './auto-coin.ts'
import { fitTables, refitTables, type TablesFit } from './auto-tables.ts'
import type { Classification, Classifier, LabelTable } from './label-table.ts'
import { type ResponseFit, startFrom, voteShares } from './response-model.ts'

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

/** What each belief makes of the labels. */
export interface Members {
  readonly tablesFromVotes: TablesFit
  readonly tablesFromCoin: TablesFit
  readonly coin: ResponseFit
  readonly agreement: Classification
}

/** Fits every member from its own start. `known`: class index per item, or −1. */
export function fitMembers(table: LabelTable, known: Int32Array): Members {
  const coin = fitCoin(table, known, voteShares(table, known))
  return {
    tablesFromVotes: fitTables(table, known, voteShares(table, known)),
    tablesFromCoin: fitTables(table, known, coin.posterior),
    coin,
    agreement: agreementVote(table, known),
  }
}

/** Goes on from members fitted to the same labels once other items are known: mostly a few iterations. */
export function refitMembers(table: LabelTable, known: Int32Array, before: Members): Members {
  return {
    tablesFromVotes: refitTables(table, known, before.tablesFromVotes),
    tablesFromCoin: refitTables(table, known, before.tablesFromCoin),
    coin: fitCoin(table, known, startFrom(before.coin.states, known, table.classes, 1)),
    agreement: agreementVote(table, known),
  }
}

/** The members' probabilities, averaged by weight. Known items keep their class. */
export function mixMembers({ weights }: MethodPick, table: LabelTable, members: Members): Classification {
  const counted = (Object.keys(members) as Member[]).map((name) => [weights[name], members[name]] as const)
  const mix = (mixed: Float64Array, rowsOf: (fit: Classification) => Float64Array): Float64Array => {
    let total = 0
    mixed.fill(0)
    for (const [weight, fit] of counted) {
      const rows = rowsOf(fit)
      for (let i = 0; i < mixed.length; i++) mixed[i]! += weight * rows[i]!
      total += weight
    }
    for (let i = 0; i < mixed.length; i++) mixed[i]! /= total
    return mixed
  }
  const row = new Float64Array(table.classes)
  return {
    posterior: mix(new Float64Array(table.items * table.classes), (fit) => fit.posterior),
    withoutLabel: (index, lent = new Float64Array(table.classes)) =>
      mix(lent, (fit) => fit.withoutLabel(index, row)),
  }
}

/** The default method as it is before known answers are checked and confidence calibrated ({@link answerByAuto}). */
export const auto: Classifier = (table, known) =>
  mixMembers(pickMethod(table, known), table, fitMembers(table, known))
