/**
 * How often suspicion is wrong, and how often it finds what it looks for, on real crowds.
 *
 * - *as is*: flags on the set itself. Real crowds hold real cheats, so beside it how many flags for blind answers (random,
 *   constant, after a change) the truth refutes: the worker is right more often than without looking (one in a hundred);
 *   and the highest kappa with the truth among all flagged.
 * - *shuffled*: answers dealt anew among the workers of each item. Difficulty stays, conduct goes: every flag is false.
 * - *planted*: a tenth of the workers with 40 labels or more cheat, one kind at a time; the share that is found,
 *   of those with 40, 100 and 300 labels or more.
 *
 * The sets hold no times: honest ones are drawn log-normal (worker 0.4, item 0.3, answer 0.6 around 20 s), hasty ones take 0.15 of theirs.
 * `node bench/suspicion.ts [--data folder of sets] [--draws 5] [--json]`
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { parseArgs } from 'node:util'
import { type Conduct, type Flag, findSuspicion, type LabelTable, labelTable } from '@tagger/protocol/quality'
import { seededRandom } from '@tagger/protocol/seeded'
import { dealAnew, drawSeconds, type Planted, plant } from './suspicion/cheats.ts'
import { hindsight } from './suspicion/truth.ts'

/** Least labels of a planted cheat, per group. */
const SIZES = [40, 100, 300]
const KINDS: readonly Conduct[] = ['copying', 'random', 'constant', 'change', 'speed']

interface CrowdSet {
  name: string
  table: LabelTable
  /** Row of the file per label: the only order the sets give. */
  order: Float64Array
  /** Class index per item, −1 where unknown. */
  truth: Int32Array
}

const { values } = parseArgs({
  options: {
    data: { type: 'string', default: join(process.env.TAGGER_DATASETS ?? '../shared/data', 'crowd') },
    draws: { type: 'string', default: '5' },
    json: { type: 'boolean', default: false },
  },
})
const draws = Number(values.draws)
const sets = loadSets(resolve(values.data))
const rows = sets.map((set, index) => {
  process.stderr.write(`\r${index + 1}/${sets.length} ${set.name}\x1b[K`)
  return measure(set)
})
process.stderr.write('\r\x1b[K')
const total = sum(rows)
if (values.json) console.log(JSON.stringify({ sets: rows, total }))
else print([...rows, total])

type Counts = Record<Conduct, number>
/** Planted and found cheats per group of SIZES. */
type Power = { planted: number[]; found: number[] }
interface Row {
  name: string
  workers: number
  labels: number
  seconds: number
  asIs: Counts
  /** Flags for blind answers on workers of whom some truth is known, and those it refutes. */
  judged: number
  refuted: number
  highestKappa: number
  /** Per draw. */
  shuffled: Counts
  planted: Record<Conduct, Power>
  /** Flags on workers left as they were, beyond those flagged as is; per planted draw. */
  collateral: number
}

function measure({ name, table, order, truth }: CrowdSet): Row {
  const start = process.cpuUsage()
  const own = findSuspicion(table, { order })
  const seconds = process.cpuUsage(start).user / 1e6
  const known = own.flatMap((flag) => hindsight(flag, table, order, truth) ?? [])
  const shuffled = zero()
  const planted = noPower()
  const suspects = new Set(own.flatMap(({ workers }) => workers))
  let collateral = 0
  for (let draw = 0; draw < draws; draw++) {
    const random = seededRandom(`${name}/${draw}`)
    const dealt = dealAnew(table, random)
    const times = drawSeconds(table, new Set(), random)
    add(shuffled, count(findSuspicion(dealt, { order })), 1 / draws)
    shuffled.speed +=
      findSuspicion(dealt, { seconds: times }).filter(({ conduct }) => conduct === 'speed').length / draws
    for (const kind of KINDS) {
      const cheats = plant({ table, order, spared: suspects }, kind, random)
      const flags = findSuspicion(cheats.table, { order, seconds: cheats.seconds })
      tally(planted[kind], cheats, kind, flags)
      const isNew = ({ workers }: Flag) => !workers.some((w) => cheats.workers.has(w) || suspects.has(w))
      collateral += flags.filter(isNew).length / draws / KINDS.length
    }
  }
  return {
    name,
    workers: table.workers,
    labels: table.label.length,
    seconds,
    asIs: count(own),
    judged: known.length,
    refuted: known.filter(({ isRefuted }) => isRefuted).length,
    highestKappa: known.reduce((highest, { kappa }) => Math.max(highest, kappa), 0),
    shuffled,
    planted,
    collateral,
  }
}

/** Blind answers are found as random or constant, whichever they look like. */
function tally(into: Power, { table, workers }: Planted, kind: Conduct, flags: readonly Flag[]): void {
  const blind: Conduct[] = ['random', 'constant']
  const fits = ({ conduct }: Flag) =>
    conduct === kind || ([...blind, 'change'].includes(kind) && blind.includes(conduct))
  const found = new Set(flags.filter(fits).flatMap((flag) => flag.workers))
  const labels = new Int32Array(table.workers)
  for (const worker of table.worker) labels[worker]!++
  for (const worker of workers) {
    const size = SIZES.findLastIndex((least) => labels[worker]! >= least)
    into.planted[size]!++
    if (found.has(worker)) into.found[size]!++
  }
}

function noPower(): Row['planted'] {
  const none = () => ({ planted: SIZES.map(() => 0), found: SIZES.map(() => 0) })
  return Object.fromEntries(KINDS.map((kind) => [kind, none()])) as Row['planted']
}

function loadSets(folder: string): CrowdSet[] {
  if (!existsSync(folder)) {
    console.error(
      `There is no data set in ${folder}: give a folder of folders with a dataset.json each by --data.`,
    )
    process.exit(1)
  }
  return readdirSync(folder)
    .sort()
    .filter((name) => {
      const about = JSON.parse(readFileSync(join(folder, name, 'dataset.json'), 'utf8')) as {
        kind: string
        truths: number
      }
      return about.kind === 'categorical' && about.truths > 0
    })
    .map((name) => loadSet(join(folder, name), name))
}

function loadSet(folder: string, name: string): CrowdSet {
  const read = (file: string) =>
    readFileSync(join(folder, file), 'utf8')
      .trim()
      .split(/\r?\n/)
      .slice(1)
      .map((line) => line.split(','))
  const answers = read('labels.csv')
  const indexOf = (column: number) => {
    const index = new Map<string, number>()
    for (const row of answers) if (!index.has(row[column]!)) index.set(row[column]!, index.size)
    return index
  }
  const [workers, items, classes] = [indexOf(0), indexOf(1), indexOf(2)]
  const column = (index: Map<string, number>, at: number) =>
    Int32Array.from(answers, (row) => index.get(row[at]!)!)
  const table = labelTable({
    items: items.size,
    workers: workers.size,
    classes: classes.size,
    item: column(items, 1),
    worker: column(workers, 0),
    label: column(classes, 2),
  })
  const rowOf = new Map(answers.map((row, i) => [`${items.get(row[1]!)}/${workers.get(row[0]!)}`, i]))
  const order = Float64Array.from(table.item, (item, i) => rowOf.get(`${item}/${table.worker[i]}`)!)
  const truth = new Int32Array(items.size).fill(-1)
  for (const [item, label] of read('truth.csv')) {
    if (items.has(item!)) truth[items.get(item!)!] = classes.get(label!) ?? -1
  }
  return { name, table, order, truth }
}

function zero(): Counts {
  return Object.fromEntries(KINDS.map((kind) => [kind, 0])) as Counts
}

function count(flags: readonly Flag[]): Counts {
  const counts = zero()
  for (const { conduct } of flags) counts[conduct]++
  return counts
}

function add(into: Counts, counts: Counts, share = 1): void {
  for (const kind of KINDS) into[kind] += counts[kind] * share
}

function sum(all: readonly Row[]): Row {
  const total: Row = {
    name: 'all',
    workers: 0,
    labels: 0,
    seconds: 0,
    asIs: zero(),
    judged: 0,
    refuted: 0,
    highestKappa: 0,
    shuffled: zero(),
    planted: noPower(),
    collateral: 0,
  }
  for (const row of all) {
    for (const key of ['workers', 'labels', 'seconds', 'judged', 'refuted', 'collateral'] as const)
      total[key] += row[key]
    total.highestKappa = Math.max(total.highestKappa, row.highestKappa)
    add(total.asIs, row.asIs)
    add(total.shuffled, row.shuffled)
    for (const kind of KINDS) {
      SIZES.forEach((_, size) => {
        total.planted[kind].planted[size]! += row.planted[kind].planted[size]!
        total.planted[kind].found[size]! += row.planted[kind].found[size]!
      })
    }
  }
  return total
}

function print(all: readonly Row[]): void {
  const power = ({ planted, found }: Power) =>
    SIZES.map((_, size) =>
      planted[size] === 0 ? '–' : `${Math.round((100 * found[size]!) / planted[size]!)}`,
    ).join(' ')
  const flags = (counts: Counts) => KINDS.map((kind) => Math.round(counts[kind] * 10) / 10).join(' ')
  const cells = all.map((row) => [
    row.name,
    `${row.workers}`,
    `${row.labels}`,
    row.seconds.toFixed(2),
    flags(row.asIs),
    `${row.refuted}/${row.judged}`,
    row.highestKappa.toFixed(2),
    flags(row.shuffled),
    ...KINDS.map((kind) => power(row.planted[kind])),
    row.collateral.toFixed(1),
  ])
  const head = [
    'set',
    'workers',
    'labels',
    'CPU s',
    'as is*',
    'refuted',
    'kappa',
    'shuffled*',
    ...KINDS,
    'others',
  ]
  const widths = head.map((title, i) => Math.max(title.length, ...cells.map((line) => line[i]!.length)))
  for (const line of [head, ...cells]) {
    console.log(
      line.map((cell, i) => (i === 0 ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!))).join('  '),
    )
  }
  console.log(
    `* flags: ${KINDS.join(' · ')}; then the share of planted cheats found, in per cent, by least labels ${SIZES.join(', ')}, and flags on others per draw`,
  )
}
