import type { Address } from '../bytes/hex.ts'
import { sortByCodePoints } from '../bytes/order.ts'
import { RecordSet } from '../records/record-set.ts'
import { payoutsOf } from './pay.ts'
import type { Result } from './result.ts'
import type { GoldReveal, Score, Segment, Settlement } from './settle.ts'
import type { OpenRecord, State } from './state.ts'

/** What a batch decided, before it is added up. */
export interface Outcome {
  results: readonly Result[]
  scores: readonly Pick<Score, 'account' | 'micro'>[]
  reveals: readonly Pick<GoldReveal, 'item' | 'label'>[]
  segments: readonly Segment[]
  /** Every record of the batch's items, replaced ones too. */
  settled: readonly { account: Address; seq: number }[]
  pick: State['pick']
}

/** Adds what a batch decided to the state before it: cumulative payouts and the state for the next batch. */
export function conclude(
  before: State,
  { results, scores, reveals, segments, settled, pick }: Outcome,
): Pick<Settlement, 'payouts' | 'payoutsTotal' | 'state'> {
  const pays = addPays(before.pays, scores)
  const payouts = payoutsOf(pays)
  const gold = [...before.gold, ...reveals.map(({ item, label }) => ({ item, label }))]
  return {
    payouts,
    payoutsTotal: payouts.reduce((sum, { amount }) => sum + amount, 0n),
    state: {
      v: 1,
      campaignId: before.campaignId,
      index: before.index + 1,
      chains: advanceChains(before.chains, segments),
      results: sortByCodePoints([...before.results, ...results], ({ item }) => item),
      pays,
      gold: sortByCodePoints(gold, ({ item }) => item),
      open: openAfter(before.open, segments, settled),
      ...(pick && { pick }),
    },
  }
}

/** A copy sorted by account, then seq: accounts are compared once each, not once for every record. */
export function inAccountOrder<T extends { account: Address; seq: number }>(records: readonly T[]): T[] {
  const byAccount = new Map<Address, T[]>()
  for (const record of records) {
    const own = byAccount.get(record.account)
    if (own === undefined) byAccount.set(record.account, [record])
    else own.push(record)
  }
  const accounts = sortByCodePoints(byAccount.keys(), (account) => account)
  return accounts.flatMap((account) => byAccount.get(account)!.sort((a, b) => a.seq - b.seq))
}

function addPays(pays: State['pays'], scores: Outcome['scores']): State['pays'] {
  const micro = new Map(pays.map((pay) => [pay.account, pay.micro]))
  for (const score of scores) micro.set(score.account, (micro.get(score.account) ?? 0n) + score.micro)
  return sortByCodePoints(
    [...micro].map(([account, sum]) => ({ account, micro: sum })),
    ({ account }) => account,
  )
}

function advanceChains(chains: State['chains'], segments: readonly Segment[]): State['chains'] {
  const heads = new Map(chains.map((chain) => [chain.account, chain]))
  for (const { account, from, payloadHashes, links } of segments) {
    const link = links[links.length - 1] ?? from.link
    heads.set(account, { account, count: from.count + payloadHashes.length, link })
  }
  return sortByCodePoints(heads.values(), ({ account }) => account)
}

function openAfter(
  open: readonly OpenRecord[],
  segments: readonly Segment[],
  settled: Outcome['settled'],
): OpenRecord[] {
  const closed = new RecordSet(settled)
  const after = open.filter((record) => !closed.has(record))
  for (const { account, from, payloadHashes } of segments) {
    payloadHashes.forEach((payloadHash, i) => {
      const seq = from.count + i + 1
      if (!closed.has({ account, seq })) after.push({ account, seq, payloadHash })
    })
  }
  return inAccountOrder(after)
}
