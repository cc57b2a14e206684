import { auto, dawidSkene, type LabelTable, labelTable } from '@tagger/protocol/classification'
import {
  type GoldStanding,
  goldStanding,
  leastResponse,
  pairsToSeparate,
  qualitiesOf,
  responsesOf,
  statementsOf,
  usualResponse,
} from '@tagger/protocol/quality'
import { seededRandom } from '@tagger/protocol/seeded'
import { Known } from './known.ts'
import { Entrance, type Member, noTally, type Tally } from './people.ts'
import type { Population } from './population.ts'
import { Answers, type Person, type Random, type Strategy } from './strategies.ts'

/** What a simulated campaign asks and pays; pay in base pays. */
export interface Setting {
  /** Labels of all that is not known, before some items are asked again. */
  labels: number
  batches: number
  /** Labels per item, those that tell little counting less; and at most. */
  redundancy: number
  most: number
  /** Known items among a worker's labels, and among those of somebody in doubt. */
  goldShare: number
  doubtShare: number
  goldPerBatch: number
  /** Unpaid known items before work. */
  qualification: number
  floor: number
  /** Most that difficulty multiplies base pay by. */
  difficulty: number
  curve: (quality: number) => number
}

export const SETTING: Setting = {
  labels: 10_000,
  batches: 4,
  redundancy: 5,
  most: 15,
  goldShare: 0.1,
  doubtShare: 0.5,
  goldPerBatch: 60,
  qualification: 30,
  floor: 0.05,
  difficulty: 1.5,
  curve: (quality) => (quality < 0.3 ? 0 : quality < 0.6 ? quality - 0.3 : 0.3 + ((quality - 0.6) * 7) / 4),
}

export interface Outcome {
  /** Share of right results among items not known. */
  accuracy: number
  labelsPerItem: number
  tallies: Map<Strategy, Tally>
}

/** The usual response on known items before any is known. */
const FIRST_USUAL = 0.5
const FRIENDS = 5
/** How much the answers of an account nobody knows yet count. */
const NEW_WEIGHT = 0.5

/** A campaign under the rules of the network, settled in batches. What happens depends on the seed alone. */
export class Campaign {
  readonly #population: Population
  readonly #setting: Setting
  readonly #random: Random
  readonly #things: Random
  readonly #known: Known
  readonly #answers: Answers
  readonly #entrance: Entrance
  readonly #members: Member[]
  /** Columns of labels; items by place, with where they come from and their answer if known. */
  readonly #item: number[] = []
  readonly #worker: number[] = []
  readonly #label: number[] = []
  readonly #source: number[] = []
  readonly #answer: number[] = []
  readonly #askedOf: Set<Member>[] = []
  readonly #stopped = new Set<number>()
  #usual = FIRST_USUAL
  #doubted = new Set<number>()
  #apart: Set<number>[] = []

  constructor(population: Population, crowd: readonly Strategy[], seed: string, setting: Setting = SETTING) {
    const people = seededRandom(`${seed}/people`)
    this.#random = seededRandom(`${seed}/work`)
    this.#things = seededRandom(`${seed}/things`)
    this.#population = population
    this.#setting = setting
    this.#known = new Known(population, this.#random)
    this.#answers = new Answers(population, this.#random)
    this.#entrance = new Entrance(this.#known, this.#answers, setting.qualification, population.classes)
    this.#members = membersOf(population, crowd, people)
    for (const member of this.#members) this.#entrance.admit(member, this.#usual)
  }

  run(): Outcome {
    const { labels, redundancy, batches } = this.#setting
    const perBatch = Math.floor(labels / redundancy / batches)
    let right = 0
    for (let batch = 0; batch < batches; batch++) right += this.#runBatch(perBatch)
    const tallies = new Map<Strategy, Tally>()
    for (const { strategy, tally } of this.#members) {
      const sum = tallies.get(strategy) ?? noTally()
      for (const key of Object.keys(sum) as (keyof Tally)[]) sum[key] += tally[key]
      tallies.set(strategy, sum)
    }
    return {
      accuracy: right / (perBatch * batches),
      labelsPerItem: this.#label.length / (perBatch * batches),
      tallies,
    }
  }

  /** Returns how many of the batch's results are right. */
  #runBatch(size: number): number {
    const first = this.#source.length
    const gold = Array.from({ length: this.#setting.goldPerBatch }, () =>
      this.#addItem(this.#known.any(), true),
    )
    const items = this.#population.truth.length
    const plain = Array.from({ length: size }, () => this.#addItem(Math.floor(this.#things() * items), false))
    for (let round = 0; round < this.#setting.redundancy; round++)
      for (const t of plain) this.#askSomebody(t, gold)
    this.#askAgain(plain, gold)
    return this.#settle(first, plain)
  }

  #addItem(source: number, isKnown: boolean): number {
    this.#answer.push(isKnown ? this.#known.truthOf(source) : -1)
    this.#askedOf.push(new Set())
    return this.#source.push(source) - 1
  }

  /** Gives an item to somebody drawn at random, and a known item before it now and then. */
  #askSomebody(t: number, gold: readonly number[]): void {
    const member = this.#pick(t)
    if (member === null) return
    const { goldShare, doubtShare } = this.#setting
    const share = this.#isInDoubt(member) ? doubtShare : goldShare
    if (this.#random() < share / (1 - share)) {
      const free = gold.filter((g) => !this.#askedOf[g]!.has(member))
      if (free.length > 0) this.#ask(member, free[Math.floor(this.#random() * free.length)]!)
    }
    this.#ask(member, t)
  }

  #isInDoubt(member: Member): boolean {
    return this.#doubted.has(member.account!) || this.#standingOf(member) === 'doubted'
  }

  #standingOf(member: Member): GoldStanding {
    member.standing ??= goldStanding(member.gold, this.#population.classes, leastResponse(this.#usual))
    return member.standing
  }

  /** Somebody at random who has not had the item, and is to be kept apart from nobody who has. */
  #pick(t: number): Member | null {
    const asked = this.#askedOf[t]!
    const free = this.#members.filter((member) => member.account !== null && !asked.has(member))
    const apart = free.filter(({ account }) => {
      const avoid = this.#apart[account!]
      return (
        avoid === undefined ||
        avoid.size === 0 ||
        ![...asked].some((other) => other.account !== null && avoid.has(other.account))
      )
    })
    const from = apart.length > 0 ? apart : free
    return from[Math.floor(this.#random() * from.length)] ?? null
  }

  #ask(member: Member, t: number): void {
    if (member.account === null) return
    const known = this.#answer[t]!
    const task = { source: this.#source[t]!, item: t, isKnown: known >= 0 }
    const { label, looks, other } = this.#answers.answer(member, task)
    this.#askedOf[t]!.add(member)
    this.#item.push(t)
    this.#worker.push(member.account)
    this.#label.push(label)
    member.tally.labels++
    member.tally.looks += looks
    member.tally.other += other
    if (known < 0) return
    member.gold.push({ label, known })
    member.standing = null
    if (this.#standingOf(member) !== 'stopped') return
    member.tally.stops++
    this.#stopped.add(member.account)
    this.#entrance.admit(member, this.#usual)
  }

  /** Items whose answers tell less than usual ones would are asked again. */
  #askAgain(plain: readonly number[], gold: readonly number[]): void {
    const table = this.#table()
    const known = Int32Array.from(this.#answer)
    const statements = statementsOf(table, known, dawidSkene(table, known))
    const responses = responsesOf(statements)
    const usual = usualResponse(statements, responses)
    // What an answer tells grows with the square of how often one looks.
    const weightOf = (w: number) =>
      this.#stopped.has(w) ? 0 : w < table.workers ? Math.min(1, responses[w]! / usual) ** 2 : NEW_WEIGHT
    const { redundancy, most } = this.#setting
    for (const t of plain) {
      let told = 0
      for (let i = table.start[t]!; i < table.start[t + 1]!; i++) told += weightOf(table.worker[i]!)
      for (let n = table.start[t + 1]! - table.start[t]!; n < most && told < redundancy; n++) {
        const before = this.#label.length
        this.#askSomebody(t, gold)
        if (this.#label.length > before && this.#item.at(-1) === t) told += weightOf(this.#worker.at(-1)!)
      }
    }
  }

  /** Pays the items from `first` on and learns whom to doubt and to keep apart. */
  #settle(first: number, plain: readonly number[]): number {
    const { classes, truth } = this.#population
    const table = this.#table()
    const known = Int32Array.from(this.#answer)
    const fit = auto(table, known)
    const statements = statementsOf(table, known, fit)
    const qualities = qualitiesOf(statements)
    const { floor, difficulty, curve } = this.#setting
    for (let i = table.start[first]!; i < table.label.length; i++) {
      const full = 1 + (difficulty - 1) * disagreementOf(fit.withoutLabel(i))
      const { tally } = this.#entrance.owners[table.worker[i]!]!
      tally.pay += floor + Math.max(0, full - floor) * curve(qualities[i]!)
    }
    const responses = responsesOf(statements)
    const least = leastResponse(usualResponse(statements, responses))
    this.#doubted = new Set([...responses.keys()].filter((w) => responses[w]! < least))
    this.#apart = pairsToSeparate(table, known)
    this.#usual = usualOnKnown(table, known)
    for (const member of this.#members) member.standing = null
    return plain.filter((t) => {
      const row = fit.posterior.subarray(t * classes, (t + 1) * classes)
      return row[truth[this.#source[t]!]!]! >= Math.max(...row)
    }).length
  }

  #table(): LabelTable {
    return labelTable({
      items: this.#source.length,
      workers: this.#entrance.owners.length,
      classes: this.#population.classes,
      item: Int32Array.from(this.#item),
      worker: Int32Array.from(this.#worker),
      label: Int32Array.from(this.#label),
    })
  }
}

/** The people of a crowd; honest ones are the same whoever else is there. */
export function membersOf({ upTo }: Population, crowd: readonly Strategy[], random: Random): Member[] {
  const make = (strategy: Strategy, friends: ReadonlySet<Person>): Member => {
    const at = random()
    const reader = upTo.findIndex((share) => at < share)
    return { strategy, reader, friends, account: null, gold: [], standing: null, way: null, tally: noTally() }
  }
  const honest = crowd
    .filter((strategy) => strategy === 'honest')
    .map((strategy) => make(strategy, new Set()))
  const anyHonest = () => honest[Math.floor(random() * honest.length)]!
  const cheats = crowd
    .filter((strategy) => strategy !== 'honest')
    .map((strategy) => make(strategy, new Set(Array.from({ length: FRIENDS }, anyHonest))))
  return [...honest, ...cheats]
}

function usualOnKnown(table: LabelTable, known: Int32Array): number {
  const kept = [...table.label.keys()].filter((i) => known[table.item[i]!]! >= 0)
  const of = (column: Int32Array) => Int32Array.from(kept, (i) => column[i]!)
  const ofKnown = labelTable({
    ...table,
    item: of(table.item),
    worker: of(table.worker),
    label: of(table.label),
  })
  const statements = statementsOf(ofKnown, known, { withoutLabel: () => new Float64Array() })
  return usualResponse(statements, responsesOf(statements))
}

/** 1 − Σp², scaled so that all labels equally likely give 1. */
function disagreementOf(row: Float64Array): number {
  let squares = 0
  for (const p of row) squares += p * p
  return (1 - squares) / (1 - 1 / row.length)
}
