import type { Address, Hex } from '../bytes/hex.ts'
import type { SettledRecord } from '../records/work-record.ts'
import type { BatchHeader } from '../settlement/batch-header.ts'
import type { Evidence } from '../settlement/bundle.ts'
import { scoresByAccount } from '../settlement/cut.ts'
import type { Result } from '../settlement/result.ts'
import type { BatchLists, BatchRoots } from '../settlement/roots.ts'
import type { Settlement } from '../settlement/settle.ts'
import { decodeState, type State } from '../settlement/state.ts'
import type { Statement } from './campaign.ts'
import { Fault } from './verdict.ts'

/** Compares what the bundle says each item and record came to with what it comes to. */
export function compareSettlement(
  statement: Statement,
  settlement: Settlement,
  records: readonly SettledRecord[],
): void {
  compareResults(statement, settlement)
  if (!areScoresEqual(statement.scores, settlement.scores)) nameScoreFault(statement, settlement, records)
}

/**
 * Compares what the bundle says the batch adds up to with what it does: payouts, total, state. Of the state block the
 * `digest` is that of its bytes; a state has only one form in bytes, so that equal ones need not be written to compare.
 */
export function compareConclusion(
  statement: Statement,
  stated: { digest: Hex; state: State },
  { payouts, payoutsTotal, state }: Pick<Settlement, 'payouts' | 'payoutsTotal' | 'state'>,
): void {
  comparePayouts(statement, payouts)
  if (statement.anchor.payoutsTotal !== payoutsTotal) {
    throw new Fault('total-mismatch', `Payouts add up to ${payoutsTotal}`, { root: 'payoutsTotal' })
  }
  if (statement.anchor.state !== stated.digest || !isSameState(stated.state, state)) {
    throw new Fault('state-mismatch', 'The state after the batch is another one', { root: 'state' })
  }
}

/** What a batch's roots are over. */
export function listsOf({ campaignId, results, payouts }: Statement, { chains }: State): BatchLists {
  return { campaignId, chains, results, payouts }
}

/** Compares the roots of the bundle's own lists with what it says they are. */
export function compareRoots({ anchor }: Statement, roots: BatchRoots): void {
  for (const name of ['recordsRoot', 'resultsRoot', 'payoutsRoot'] as const) {
    if (roots[name] !== anchor[name]) {
      throw new Fault('root-mismatch', `${name} is not the root of what the bundle lists`, { root: name })
    }
  }
}

/** Compares the bundle with the header that is final on chain, its own digest last. */
export function compareHeader(statement: Statement, bundle: Hex, header: BatchHeader): void {
  for (const name of Object.keys(statement.anchor) as (keyof Evidence['anchor'])[]) {
    if (statement.anchor[name] !== header[name]) {
      throw new Fault('header-mismatch', `${name} differs from the final header on chain`, { root: name })
    }
  }
  if (bundle !== header.bundle) {
    throw new Fault('bundle-digest-mismatch', 'These are not the bytes that were anchored on chain', {
      root: 'bundle',
    })
  }
}

/** What a bundle says the state after the batch is. Throws `state-mismatch`. */
export function readState(evidence: Evidence, before: State): State {
  let state: State
  try {
    state = decodeState(evidence.state)
  } catch {
    throw new Fault('state-mismatch', 'The state block is not a state', { root: 'state' })
  }
  return { ...state, results: sharing(sharing(state.results, before.results), evidence.results) }
}

/** The same results, those that are already in memory from there: a campaign may have hundreds of thousands. */
function sharing(results: readonly Result[], known: readonly Result[]): Result[] {
  let at = 0
  return results.map((result) => {
    while (at < known.length && known[at]!.item < result.item) at++
    const same = known[at]
    return same !== undefined && isSameResult(same, result) ? same : result
  })
}

function compareResults(statement: Statement, settlement: Settlement): void {
  const stated = new Map<Hex, Result>()
  for (const result of statement.results) {
    const { item } = result
    if (stated.has(item)) throw new Fault('result-mismatch', 'This item has two results', { item })
    stated.set(item, result)
  }
  for (const result of settlement.results) {
    const said = stated.get(result.item)
    if (said === undefined || !isSameResult(said, result)) {
      throw new Fault('result-mismatch', `The answer comes out as "${result.label}"`, { item: result.item })
    }
    stated.delete(result.item)
  }
  for (const item of stated.keys())
    throw new Fault('result-mismatch', 'No record supports this result', { item })
}

function isSameState(a: State, b: State): boolean {
  return (
    a.campaignId === b.campaignId &&
    a.index === b.index &&
    isSamePick(a.pick, b.pick) &&
    isSameList(a.chains, b.chains, (x, y) => {
      return x.account === y.account && x.count === y.count && x.link === y.link
    }) &&
    isSameList(a.results, b.results, isSameResult) &&
    isSameList(a.pays, b.pays, (x, y) => x.account === y.account && x.micro === y.micro) &&
    isSameList(a.gold, b.gold, (x, y) => x.item === y.item && x.label === y.label) &&
    isSameList(a.open, b.open, (x, y) => {
      return x.account === y.account && x.seq === y.seq && x.payloadHash === y.payloadHash
    })
  )
}

function isSamePick(a: State['pick'], b: State['pick']): boolean {
  if (a === undefined || b === undefined) return a === b
  const names = Object.keys(a.weights) as (keyof typeof a.weights)[]
  return a.version === b.version && names.every((name) => a.weights[name] === b.weights[name])
}

function isSameList<T>(a: readonly T[], b: readonly T[], isSame: (a: T, b: T) => boolean): boolean {
  return a.length === b.length && a.every((value, i) => isSame(value, b[i]!))
}

function isSameResult(a: Result, b: Result): boolean {
  if (a === b) return true
  return (
    a.item === b.item &&
    a.label === b.label &&
    a.confidence === b.confidence &&
    a.status === b.status &&
    a.annotations === b.annotations &&
    a.reviews === b.reviews &&
    a.distribution.length === b.distribution.length &&
    a.distribution.every((share, i) => share === b.distribution[i])
  )
}

/** Whether the stated scores are the computed ones, in their order (by account, then seq). */
function areScoresEqual(stated: Evidence['scores'], computed: Settlement['scores']): boolean {
  let at = 0
  for (const { account, records } of stated) {
    for (const [seq, quality, difficulty, micro] of records) {
      const score = computed[at++]
      if (score === undefined || score.account !== account || score.seq !== seq) return false
      if (score.quality !== quality || score.difficulty !== difficulty || score.micro !== micro) return false
    }
  }
  return at === computed.length
}

/** Finds the first score that differs; scores in another order are no fault. */
function nameScoreFault(
  statement: Statement,
  settlement: Settlement,
  records: readonly SettledRecord[],
): void {
  const stated = new Map<string, string>()
  for (const { account, records } of statement.scores) {
    for (const [seq, ...values] of records) {
      const key = `${account}/${seq}`
      if (stated.has(key)) throw new Fault('score-mismatch', 'This record has two scores', { account, seq })
      stated.set(key, values.join('/'))
    }
  }
  for (const { account, records: scored } of scoresByAccount(settlement.scores)) {
    for (const [seq, ...values] of scored) {
      const key = `${account}/${seq}`
      if (stated.get(key) !== values.join('/')) {
        const item = records.find((record) => record.account === account && record.seq === seq)?.item
        throw new Fault(
          'score-mismatch',
          `Quality comes out as ${values[0]} and pay as ${values[2]} millionths`,
          {
            account,
            seq,
            ...(item && { item }),
          },
        )
      }
      stated.delete(key)
    }
  }
  for (const key of stated.keys()) {
    const [account, seq] = key.split('/') as [Address, string]
    throw new Fault('score-mismatch', 'This record is not part of the batch', { account, seq: Number(seq) })
  }
}

function comparePayouts(statement: Statement, payouts: Settlement['payouts']): void {
  const stated = new Map<Address, bigint>()
  for (const { account, amount } of statement.payouts) {
    if (stated.has(account)) throw new Fault('payout-mismatch', 'This account is paid twice', { account })
    stated.set(account, amount)
  }
  for (const { account, amount } of payouts) {
    if (stated.get(account) !== amount) {
      throw new Fault(
        'payout-mismatch',
        `Pay comes out as ${amount}, the bundle says ${stated.get(account) ?? 0n}`,
        {
          account,
        },
      )
    }
    stated.delete(account)
  }
  for (const account of stated.keys())
    throw new Fault('payout-mismatch', 'Nothing was earned here', { account })
}
