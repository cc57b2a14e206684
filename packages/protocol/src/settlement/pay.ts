import type { Address } from '../bytes/hex.ts'
import { MILLION_BIG, mulDivDown } from '../math/fixed.ts'
import type { RecordKind } from '../records/work-record.ts'
import type { Spec } from '../spec/spec.ts'

/** Base and floor pay of a campaign, smallest unit. */
export interface PayRates {
  basePay: bigint
  floorPay: bigint
}

/**
 * What one record earns, in millionths of the smallest unit:
 * floor + (base × difficulty − floor) × curve(quality); a review earns its share of that.
 * `quality` and `difficulty` in millionths. Never below the floor.
 */
export function payOf(
  rates: PayRates,
  spec: Spec,
  record: { kind: RecordKind; quality: number; difficulty: number },
): bigint {
  const floor = rates.floorPay * MILLION_BIG
  const full = fullPay(rates, spec, record.kind, record.difficulty)
  if (full <= floor) return floor
  const share = BigInt(curveAt(spec.reward.qualityCurve, record.quality))
  return floor + mulDivDown(full - floor, share, MILLION_BIG)
}

/** Highest pay of one record of this kind, whole units rounded up: what a lease reserves. */
export function topPay(rates: PayRates, spec: Spec, kind: RecordKind): bigint {
  const micro = fullPay(rates, spec, kind, spec.reward.difficulty.max)
  const most = micro > rates.floorPay * MILLION_BIG ? micro : rates.floorPay * MILLION_BIG
  return (most + MILLION_BIG - 1n) / MILLION_BIG
}

/** The quality curve between its points; flat outside them. */
export function curveAt(curve: Spec['reward']['qualityCurve'], quality: number): number {
  const first = curve[0]!
  if (quality <= first[0]) return first[1]
  for (let i = 1; i < curve.length; i++) {
    const [x0, y0] = curve[i - 1]!
    const [x1, y1] = curve[i]!
    if (quality <= x1) return y0 + Math.floor(((y1 - y0) * (quality - x0)) / (x1 - x0))
  }
  return curve[curve.length - 1]![1]
}

/** Cumulative pays floored to whole units: the leaves of the payouts root, accounts without a whole unit left out. */
export function payoutsOf(
  pays: readonly { account: Address; micro: bigint }[],
): { account: Address; amount: bigint }[] {
  return pays
    .map(({ account, micro }) => ({ account, amount: micro / MILLION_BIG }))
    .filter(({ amount }) => amount > 0n)
}

function fullPay(rates: PayRates, spec: Spec, kind: RecordKind, difficulty: number): bigint {
  const annotation = rates.basePay * BigInt(difficulty)
  return kind === 'review' ? mulDivDown(annotation, BigInt(spec.reward.reviewShare), MILLION_BIG) : annotation
}
