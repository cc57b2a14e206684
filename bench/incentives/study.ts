import { runBaseline } from './baseline.ts'
import { Campaign, type Outcome, SETTING, type Setting } from './campaign.ts'
import type { Tally } from './people.ts'
import type { Population } from './population.ts'
import type { Strategy } from './strategies.ts'

/** One way to cheat at one share of the crowd, over all populations. Pay in base pays per look's effort. */
export interface StrategyReport {
  role: 'annotator' | 'reviewer'
  name: Strategy
  /** Of the people. */
  share: number
  payPerEffort: number
  honestPayPerEffort: number
  /** Honest pay per effort ÷ this one's, mean over seeds, in the population where that is least, and its standard error. */
  ratioHonest: number
  ratioError: number
  /** The same with all cheap effort halved, doubled. */
  ratioHalfEffort: number
  ratioDoubleEffort: number
  worst: string
  meanRatio: number
}

/** Results with cheats and with the same honest people alone; shares. */
export interface AttackReport {
  role: 'annotator' | 'reviewer'
  name: Strategy
  colluders: number
  accuracy: number
  accuracyWithout: number
  /** The largest loss in one population, mean over seeds, and its standard error. */
  worstLoss: number
  worstLossError: number
  worst: string
  labelsPerItem: number
  labelsPerItemWithout: number
  /** Share of honest pairs kept apart in the end, and the largest such share; of answers for which no stranger was left. */
  honestApart: number
  mostApart: number
  nearAnswers: number
}

export interface Study {
  populations: readonly Population[]
  role: 'annotator' | 'reviewer'
  strategies: readonly Strategy[]
  shares: readonly number[]
  /** Draws of every campaign at a share. */
  seedsAt: (share: number) => number
  people: number
  setting?: Setting
  /** Three people and a tie-break, paid for matching the outcome. */
  isBaseline?: boolean
  onRun?: (now: string) => void
}

interface Cell {
  population: string
  /** One per seed. */
  honest: Tally[]
  cheat: Tally[]
  accuracy: number[]
  accuracyWithout: number[]
  labelsPerItem: number
  labelsPerItemWithout: number
  honestApart: number
  nearAnswers: number
}

/** How many campaigns a study simulates. */
export function runsOf({ populations, strategies, shares, seedsAt }: Study): number {
  const draws = shares.reduce((sum, share) => sum + seedsAt(share), 0)
  return populations.length * draws * (strategies.length + 1)
}

/** Simulates every strategy at every share in every population. */
export function study(plan: Study): { strategies: StrategyReport[]; attacks: AttackReport[] } {
  const cells = new Map<string, Cell[]>()
  for (const population of plan.populations) {
    for (const share of plan.shares) {
      const cheats = Math.round(share * plan.people)
      const honest = Array<Strategy>(plan.people - cheats).fill('honest')
      const run = (crowd: readonly Strategy[], seed: number): Outcome => {
        plan.onRun?.(`${population.name}, ${crowd.at(-1)}`)
        const name = `${population.name}/${share}/${seed}`
        const setting = plan.setting ?? SETTING
        if (plan.isBaseline) return runBaseline(population, crowd, name, setting.labels)
        return new Campaign(population, crowd, name, setting).run()
      }
      const without = Array.from({ length: plan.seedsAt(share) }, (_, seed) => run(honest, seed))
      for (const strategy of plan.strategies) {
        const crowd = [...honest, ...Array<Strategy>(cheats).fill(strategy)]
        const runs = without.map((_, seed) => run(crowd, seed))
        const key = `${strategy}/${share}`
        const cell = {
          population: population.name,
          honest: runs.map(({ tallies }) => tallies.get('honest')!),
          cheat: runs.map(({ tallies }) => tallies.get(strategy)!),
          accuracy: runs.map(({ accuracy }) => accuracy),
          accuracyWithout: without.map(({ accuracy }) => accuracy),
          labelsPerItem: mean(runs.map(({ labelsPerItem }) => labelsPerItem)),
          labelsPerItemWithout: mean(without.map(({ labelsPerItem }) => labelsPerItem)),
          honestApart: mean(runs.map(({ honestApart }) => honestApart)),
          nearAnswers: mean(runs.map(({ nearAnswers }) => nearAnswers)),
        }
        cells.set(key, [...(cells.get(key) ?? []), cell])
      }
    }
  }
  const all = plan.strategies.flatMap((name) =>
    plan.shares.map((share) => ({ name, share, of: cells.get(`${name}/${share}`)! })),
  )
  return {
    strategies: all.map(({ name, share, of }) => strategyReport(plan.role, name, share, of)),
    attacks: all.map(({ name, share, of }) => attackReport(plan.role, name, share, of)),
  }
}

function strategyReport(
  role: StrategyReport['role'],
  name: Strategy,
  share: number,
  cells: readonly Cell[],
): StrategyReport {
  const ofSeeds = ({ honest, cheat }: Cell, scale: number) =>
    honest.map((tally, seed) => payPerEffort(tally, scale) / payPerEffort(cheat[seed]!, scale))
  const ratios = (scale: number) => cells.map((cell) => mean(ofSeeds(cell, scale)))
  const ratioHonest = Math.min(...ratios(1))
  const worst = cells[ratios(1).indexOf(ratioHonest)]!
  const meanPay = (tallies: (cell: Cell) => readonly Tally[]) =>
    mean(cells.flatMap((cell) => tallies(cell).map((tally) => payPerEffort(tally, 1))))
  return {
    role,
    name,
    share,
    payPerEffort: meanPay(({ cheat }) => cheat),
    honestPayPerEffort: meanPay(({ honest }) => honest),
    ratioHonest,
    ratioError: standardError(ofSeeds(worst, 1)),
    ratioHalfEffort: Math.min(...ratios(0.5)),
    ratioDoubleEffort: Math.min(...ratios(2)),
    worst: worst.population,
    meanRatio: mean(ratios(1)),
  }
}

function attackReport(
  role: AttackReport['role'],
  name: Strategy,
  colluders: number,
  cells: readonly Cell[],
): AttackReport {
  const ofSeeds = ({ accuracy, accuracyWithout }: Cell) =>
    accuracy.map((share, seed) => accuracyWithout[seed]! - share)
  const losses = cells.map((cell) => mean(ofSeeds(cell)))
  const worstLoss = Math.max(...losses)
  const worst = cells[losses.indexOf(worstLoss)]!
  return {
    role,
    name,
    colluders,
    accuracy: mean(cells.map(({ accuracy }) => mean(accuracy))),
    accuracyWithout: mean(cells.map(({ accuracyWithout }) => mean(accuracyWithout))),
    worstLoss,
    worstLossError: standardError(ofSeeds(worst)),
    worst: worst.population,
    labelsPerItem: mean(cells.map(({ labelsPerItem }) => labelsPerItem)),
    labelsPerItemWithout: mean(cells.map(({ labelsPerItemWithout }) => labelsPerItemWithout)),
    honestApart: mean(cells.map(({ honestApart }) => honestApart)),
    mostApart: Math.max(...cells.map(({ honestApart }) => honestApart)),
    nearAnswers: mean(cells.map(({ nearAnswers }) => nearAnswers)),
  }
}

/** Pay per look's worth of effort, other effort scaled. */
function payPerEffort({ pay, looks, other }: Tally, scale: number): number {
  return pay / (looks + scale * other)
}

function mean(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0) / values.length
}

/** Of the mean of these values; 0 for a single one, of which nothing is known. */
function standardError(values: readonly number[]): number {
  if (values.length < 2) return 0
  const middle = mean(values)
  const squares = values.reduce((sum, value) => sum + (value - middle) ** 2, 0)
  return Math.sqrt(squares / (values.length - 1) / values.length)
}
