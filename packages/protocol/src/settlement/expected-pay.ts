import { MILLION, MILLION_BIG } from '../math/fixed.ts'
import type { RecordKind } from '../records/work-record.ts'
import type { Spec } from '../spec/spec.ts'
import { type PayRates, payOf, topPay } from './pay.ts'

/** Pay of one record as a worker may know it before accepting, smallest unit. */
export interface PayForecast {
  /** The floor: what any receipted record earns. */
  least: bigint
  expected: bigint
  /** Full quality at the greatest difficulty, rounded up. */
  most: bigint
}

/**
 * Mean quality of people who look, by the second rule: answers that others do not confirm count for little even then.
 * Measured over simulated crowds (docs/incentives.md).
 */
const USUAL_QUALITY = 700_000

/**
 * What a record is expected to earn at the lowest difficulty, whole units rounded down. `quality`: the worker's own so far,
 * in millionths (the mean of reputation for the skill); without it that of people who do the work, by the spec's rule.
 */
export function expectedPay(
  rates: PayRates,
  spec: Spec,
  kind: RecordKind,
  quality = spec.reward.version === 2 && kind !== 'submission' ? USUAL_QUALITY : MILLION,
): bigint {
  return payOf(rates, spec, { kind, quality, difficulty: spec.reward.difficulty.min }) / MILLION_BIG
}

/** Range and expectation of one record's pay before work. `quality` as in {@link expectedPay}. */
export function payForecast(rates: PayRates, spec: Spec, kind: RecordKind, quality?: number): PayForecast {
  return {
    least: rates.floorPay,
    expected: expectedPay(rates, spec, kind, quality),
    most: topPay(rates, spec, kind),
  }
}
