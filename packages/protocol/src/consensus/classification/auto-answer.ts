import { fitMembers, type MethodPick, mixMembers, refitMembers } from './auto.ts'
import { applyCalibration, type Calibration, fitCalibration } from './calibration.ts'
import { checkGold, type GoldCheck, type GoldTarget, standingGold } from './gold-check.ts'
import type { Classification, LabelTable } from './label-table.ts'
import { sharedErrors } from './shared-errors.ts'

/** What a campaign by the method `auto` answers. */
export interface AutoAnswer extends Classification {
  readonly calibration: Calibration
  readonly goldChecks: readonly GoldCheck[]
  /** The known answers that stand, class index per item or −1. */
  readonly standing: Int32Array
}

/**
 * Answers with confidence that means what it says. The members are fitted without any known answer first, which shows how
 * right they are where the answer is known, and which known answers the crowd contradicts at the target: those are void.
 * Then the fit goes on with the answers that stand. Void answers still count for how sure the crowd may be: whoever is
 * wrong there, its certainty deserves less trust.
 * The order of the classes of an item is that of the fit; `withoutLabel` is not calibrated.
 */
export function answerByAuto(
  pick: MethodPick,
  table: LabelTable,
  known: Int32Array,
  target: GoldTarget,
): AutoAnswer {
  const { classes } = table
  const none = new Int32Array(table.items).fill(-1)
  const freeMembers = fitMembers(table, none)
  const free = mixMembers(pick, table, freeMembers)
  const shared = sharedErrors(table, free.posterior)
  const calibration = fitCalibration(free.posterior, classes, known, shared)
  const unaware = fitCalibration(free.posterior, classes, none, shared)
  const checks = checkGold(table, applyCalibration(unaware, free.posterior, classes, none), known, target)
  const standing = standingGold(known, checks)
  const isFree = !standing.some((label) => label >= 0)
  const fit = isFree ? free : mixMembers(pick, table, refitMembers(table, standing, freeMembers))
  return {
    posterior: applyCalibration(calibration, fit.posterior, classes, standing),
    withoutLabel: fit.withoutLabel,
    calibration,
    goldChecks: checks,
    standing,
  }
}
