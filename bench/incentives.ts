/**
 * Whether honest work pays best: what strategies earn per effort, and what they do to results, in simulated campaigns of
 * crowds fitted to public sets (docs/incentives.md). Beside it the usual rule: three people and a tie-break, paid for
 * matching the outcome.
 *
 * `npm run bench -- incentives [--data folder of sets] [--seeds 2] [--json]`; without data on invented crowds.
 * Seeds are draws of every campaign at 30 % cheats, which the targets are about; other shares are drawn once.
 */
import { existsSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { readCategorical } from './accuracy/categorical.ts'
import { describe } from './accuracy/set-report.ts'
import { SETTING } from './incentives/campaign.ts'
import { INVENTED } from './incentives/invented.ts'
import { asReviewers, fitPopulation, type Population } from './incentives/population.ts'
import { CHEATS, CLICK, GLANCE, LOOK, type Strategy } from './incentives/strategies.ts'
import { runsOf, type Study, study } from './incentives/study.ts'
import { writeBars } from './output/bars.ts'
import { startProgress } from './output/progress.ts'

const LEAST_TRUTHS = 100
/** Of cheats, of which the targets are about the first. */
const SHARES = [0.3, 0.1, 0.2, 0.4]
const PEOPLE = 60
const REVIEWING = { ...SETTING, redundancy: 3, most: 9 }
const REVIEW_CHEATS: readonly Strategy[] = [...CHEATS, 'always-no']

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: join(process.env.TAGGER_DATASETS ?? '../shared/data', 'crowd') },
    seeds: { type: 'string', default: '2' },
    json: { type: 'boolean', default: false },
  },
})
const seeds = Number(values.seeds)
const populations = loadPopulations(resolve(values.data))
const annotating: Study = {
  populations,
  role: 'annotator',
  strategies: [...CHEATS, 'sharing-ring'],
  shares: SHARES,
  seedsAt: (share) => (share === SHARES[0] ? seeds : 1),
  people: PEOPLE,
}
const plans = {
  annotating,
  reviewing: {
    ...annotating,
    populations: populations.map(asReviewers),
    role: 'reviewer' as const,
    strategies: REVIEW_CHEATS,
    shares: SHARES.slice(0, 1),
    setting: REVIEWING,
  },
  baseline: { ...annotating, isBaseline: true },
}
const progress = startProgress(
  'campaigns',
  Object.values(plans).reduce((sum, plan) => sum + runsOf(plan), 0),
)
let done = 0
const onRun = (now: string) => progress.update(done++, now)
const annotators = study({ ...plans.annotating, onRun })
const reviewers = study({ ...plans.reviewing, onRun })
const baseline = study({ ...plans.baseline, onRun })
progress.end()

const report = {
  effort: { honest: LOOK, copyingOrGuessing: GLANCE, randomOrAlways: CLICK },
  populations: populations.map(({ name }) => name),
  strategies: [...annotators.strategies, ...reviewers.strategies],
  attacks: [...annotators.attacks, ...reviewers.attacks],
  baseline,
}
print()
writeBars('incentives', {
  title: 'Honest pay per effort ÷ that of cheats, 30 % of the crowd',
  measure: 'times, in the worst of the populations; above 1.5 is the target',
  series: ['Tagger', 'paid for matching the outcome'],
  groups: CHEATS.map((name) => ({
    label: name,
    values: [annotators, baseline].map(
      ({ strategies }) => strategies.find((row) => row.name === name && row.share === 0.3)!.ratioHonest,
    ),
  })),
  format: (value) => value.toFixed(2),
})
if (values.json) console.log(JSON.stringify(report))

function loadPopulations(folder: string): Population[] {
  if (!existsSync(folder)) {
    console.error(`No data sets at ${folder} (say where with --data): on invented crowds`)
    return INVENTED
  }
  const sets = readdirSync(folder)
    .sort()
    .map((name) => join(folder, name))
    .filter((set) => existsSync(join(set, 'dataset.json')) && describe(set).kind === 'categorical')
    .map(readCategorical)
  return sets.filter(({ truth }) => truth.filter((k) => k >= 0).length >= LEAST_TRUTHS).map(fitPopulation)
}

function print(): void {
  console.log(
    `Effort per label: honest ${LOOK}, copying or guessing ${GLANCE}, random or always the same ${CLICK}`,
  )
  console.log(`Populations: ${report.populations.join(', ')}; ${seeds} draws each at 30 %, else one\n`)
  const figure = (value: number) => value.toFixed(2)
  const orNone = (value: number | undefined) => (value === undefined ? '' : figure(value))
  console.table(
    report.strategies.map((row) => ({
      role: row.role,
      strategy: row.name,
      share: row.share,
      'pay per effort': figure(row.payPerEffort),
      honest: figure(row.honestPayPerEffort),
      'least ratio': `${figure(row.ratioHonest)} ± ${figure(row.ratioError)}`,
      'effort × ½': figure(row.ratioHalfEffort),
      'effort × 2': figure(row.ratioDoubleEffort),
      mean: figure(row.meanRatio),
      'least in': row.worst,
      'paid for matching': orNone(
        baseline.strategies.find(
          (b) => row.role === 'annotator' && b.name === row.name && b.share === row.share,
        )?.ratioHonest,
      ),
    })),
  )
  console.table(
    report.attacks.map((row) => {
      const other = baseline.attacks.find(
        (b) => row.role === 'annotator' && b.name === row.name && b.colluders === row.colluders,
      )
      return {
        role: row.role,
        strategy: row.name,
        share: row.colluders,
        'accuracy %': (100 * row.accuracy).toFixed(1),
        without: (100 * row.accuracyWithout).toFixed(1),
        'largest loss': `${(100 * row.worstLoss).toFixed(1)} ± ${(100 * row.worstLossError).toFixed(1)}`,
        in: row.worst,
        labels: `${row.labelsPerItem.toFixed(1)} (${row.labelsPerItemWithout.toFixed(1)})`,
        'honest pairs apart %': `${(100 * row.honestApart).toFixed(1)} (${(100 * row.mostApart).toFixed(1)})`,
        'no stranger left %': (100 * row.nearAnswers).toFixed(1),
        'loss when paid for matching': other
          ? (100 * (other.accuracyWithout - other.accuracy)).toFixed(1)
          : '',
      }
    }),
  )
}
