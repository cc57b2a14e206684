import type { Hex } from '../bytes/hex.ts'
import { countingRecords } from '../consensus/votes.ts'
import type { RecordKind, SettledRecord } from '../records/work-record.ts'
import { conclude } from '../settlement/conclude.ts'
import { type PayRates, payOf } from '../settlement/pay.ts'
import type { Settlement } from '../settlement/settle.ts'
import type { OpenRecord, State } from '../settlement/state.ts'
import type { Spec } from '../spec/spec.ts'
import type { Statement } from './campaign.ts'
import { Fault } from './verdict.ts'

/**
 * What follows from the results and scores a bundle states, where erased payloads keep the fit from being repeated:
 * no item settled twice, no record paid twice, without being settled, or by another rule than the spec's.
 */
export function concludeStated(
  statement: Statement,
  { spec, pay, before, settled, records }: StatedContext,
  pick: State['pick'],
): Pick<Settlement, 'payouts' | 'payoutsTotal' | 'state'> {
  const { results, reveals, workers: segments } = statement
  const items = new Set(before.results.map(({ item }) => item))
  for (const { item } of results) {
    if (items.has(item)) throw new Fault('batch-invalid', 'This item is settled twice', { item })
    items.add(item)
  }
  const stated = new Set(results.map(({ item }) => item))
  const unnamed = records.find(({ item }) => !stated.has(item))
  if (unnamed !== undefined) {
    throw new Fault('result-mismatch', 'This item has a settled record but no result', { item: unnamed.item })
  }
  const payable = payableRecords(settled, records)
  const scores = statement.scores.flatMap(({ account, records: scored }) =>
    scored.map(([seq, quality, difficulty, micro]) => {
      const key = `${account}/${seq}`
      const record = payable.get(key)
      const { min, max } = spec.reward.difficulty
      const isPaidRight = kindsOf(spec, record).some(
        (kind) => payOf(pay, spec, { kind, quality, difficulty }) === micro,
      )
      if (record === undefined || difficulty < min || difficulty > max || !isPaidRight) {
        const place: { item?: Hex } = record ? { item: record.item } : {}
        throw new Fault('score-mismatch', 'The rules pay no record like this', { account, seq, ...place })
      }
      payable.delete(key)
      return { account, micro }
    }),
  )
  return conclude(before, { results, scores, reveals, segments, settled, pick })
}

export interface StatedContext {
  spec: Spec
  pay: PayRates
  before: State
  /** Every record the batch settles. */
  settled: readonly OpenRecord[]
  /** Those of them whose payload is there. */
  records: readonly SettledRecord[]
}

/** Settled records by account and seq, null where erased; without those that a later one replaced. */
function payableRecords(
  settled: readonly OpenRecord[],
  records: readonly SettledRecord[],
): Map<string, SettledRecord | null> {
  const payable = new Map<string, SettledRecord | null>()
  for (const { account, seq } of settled) payable.set(`${account}/${seq}`, null)
  for (const { account, seq } of records) payable.delete(`${account}/${seq}`)
  for (const record of countingRecords(records)) payable.set(`${record.account}/${record.seq}`, record)
  return payable
}

/** Of what kind a record may be: an erased one of any that the campaign knows. */
function kindsOf(spec: Spec, record: SettledRecord | null | undefined): RecordKind[] {
  if (record) return [record.kind]
  return [spec.kind === 'collect' ? 'submission' : 'annotation', 'review']
}
