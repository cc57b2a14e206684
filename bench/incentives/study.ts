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
  /** Honest pay per effort ÷ this one's, in the population where that is least; with all cheap effort halved, doubled. */
  ratioHonest: number
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
  /** The largest loss in one population. */
  worstLoss: number
  worst: string
  labelsPerItem: number
  labelsPerItemWithout: number
}

export interface Study {
  populations: readonly Population[]
  role: 'annotator' | 'reviewer'
  strategies: readonly Strategy[]
  shares: readonly number[]
  seeds: number
  people: number
  setting?: Setting
  /** Three people and a tie-break, paid for matching the outcome. */
  isBaseline?: boolean
  onRun?: (now: string) => void
}

interface Cell {
  population: string
  honest: Tally
  cheat: Tally
  accuracy: number
  accuracyWithout: number
  labelsPerItem: number
  labelsPerItemWithout: number
}

/** How many campaigns a study simulates. */
export function runsOf({ populations, strategies, shares, seeds }: Study): number {
  return populations.length * shares.length * seeds * (strategies.length + 1)
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
      const without = Array.from({ length: plan.seeds }, (_, seed) => run(honest, seed))
      for (const strategy of plan.strategies) {
        const crowd = [...honest, ...Array<Strategy>(cheats).fill(strategy)]
        const runs = without.map((_, seed) => run(crowd, seed))
        const key = `${strategy}/${share}`
        const cell = {
          population: population.name,
          honest: sum(runs.map(({ tallies }) => tallies.get('honest')!)),
          cheat: sum(runs.map(({ tallies }) => tallies.get(strategy)!)),
          accuracy: mean(runs.map(({ accuracy }) => accuracy)),
          accuracyWithout: mean(without.map(({ accuracy }) => accuracy)),
          labelsPerItem: mean(runs.map(({ labelsPerItem }) => labelsPerItem)),
          labelsPerItemWithout: mean(without.map(({ labelsPerItem }) => labelsPerItem)),
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
  const ratios = (scale: number) =>
    cells.map(({ honest, cheat }) => payPerEffort(honest, scale) / payPerEffort(cheat, scale))
  const ratioHonest = Math.min(...ratios(1))
  return {
    role,
    name,
    share,
    payPerEffort: mean(cells.map(({ cheat }) => payPerEffort(cheat, 1))),
    honestPayPerEffort: mean(cells.map(({ honest }) => payPerEffort(honest, 1))),
    ratioHonest,
    ratioHalfEffort: Math.min(...ratios(0.5)),
    ratioDoubleEffort: Math.min(...ratios(2)),
    worst: cells[ratios(1).indexOf(ratioHonest)]!.population,
    meanRatio: mean(ratios(1)),
  }
}

function attackReport(
  role: AttackReport['role'],
  name: Strategy,
  colluders: number,
  cells: readonly Cell[],
): AttackReport {
  const losses = cells.map(({ accuracy, accuracyWithout }) => accuracyWithout - accuracy)
  const worstLoss = Math.max(...losses)
  return {
    role,
    name,
    colluders,
    accuracy: mean(cells.map(({ accuracy }) => accuracy)),
    accuracyWithout: mean(cells.map(({ accuracyWithout }) => accuracyWithout)),
    worstLoss,
    worst: cells[losses.indexOf(worstLoss)]!.population,
    labelsPerItem: mean(cells.map(({ labelsPerItem }) => labelsPerItem)),
    labelsPerItemWithout: mean(cells.map(({ labelsPerItemWithout }) => labelsPerItemWithout)),
  }
}

/** Pay per look's worth of effort, other effort scaled. */
function payPerEffort({ pay, looks, other }: Tally, scale: number): number {
  return pay / (looks + scale * other)
}

function sum(tallies: readonly Tally[]): Tally {
  return tallies.reduce((all, tally) => ({
    labels: all.labels + tally.labels,
    looks: all.looks + tally.looks,
    other: all.other + tally.other,
    stops: all.stops + tally.stops,
    pay: all.pay + tally.pay,
  }))
}

function mean(values: readonly number[]): number {
  return values.reduce((all, value) => all + value, 0) / values.length
}
