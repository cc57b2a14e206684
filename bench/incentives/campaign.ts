import {
  auto,
  dawidSkene,
  type LabelTable,
  labelTable,
  othersOf,
  type UnsortedLabels,
} from '@tagger/protocol/classification'
import {
  type Apart,
  type GoldStanding,
  goldStanding,
  harmOf,
  leastResponse,
  pairsToSeparate,
  qualitiesOf,
  responsesOf,
  type Statements,
  statementsOf,
  stoppedByCrowd,
  usualOnKnown,
  usualResponse,
} from '@tagger/protocol/quality'
import { seededRandom } from '@tagger/protocol/seeded'
import { shareApart, sureItems } from './evidence.ts'
import { Known } from './known.ts'
import { Entrance, type Member, membersOf, type Tally, talliesOf } from './people.ts'
import type { Population } from './population.ts'
import { Answers, type Random, type Strategy } from './strategies.ts'

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
  /** Of the known items of somebody in doubt those that nobody knows, but the crowd is sure of. */
  auditShare: number
  /** Items open at once; when they are answered, the node looks at who answers how. */
  open: number
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
  auditShare: 0.75,
  open: 125,
  qualification: 30,
  floor: 0.05,
  difficulty: 1.5,
  curve: (quality) => (quality < 0.3 ? 0 : quality < 0.6 ? quality - 0.3 : 0.3 + ((quality - 0.6) * 7) / 4),
}

export interface Outcome {
  /** Share of right results among items not known. */
  accuracy: number
  labelsPerItem: number
  /** Share of the pairs of honest people that are kept apart in the end. */
  honestApart: number
  /** Share of answers by somebody to be kept apart from one who had the item, because no stranger was left. */
  nearAnswers: number
  tallies: Map<Strategy, Tally>
}

/** The usual response on known items before any is known. */
const FIRST_USUAL = 0.5
/** How much the answers of an account nobody knows yet count. */
const NEW_WEIGHT = 0.5
/** From this probability of its answer on an item can serve as a known one. */
const SURE = 0.95

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
  /** Accounts that had it. */
  readonly #askedOf: Set<number>[] = []
  readonly #stopped = new Set<number>()
  #usual = FIRST_USUAL
  #doubted = new Set<number>()
  #apart: Apart = []
  #near = 0
  /** Items of the batch that the crowd is sure of, with the chances of their classes. */
  #sure = new Map<number, Float64Array>()

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
    const honest = this.#members.filter(({ strategy, account }) => strategy === 'honest' && account !== null)
    return {
      accuracy: right / (perBatch * batches),
      labelsPerItem: this.#label.length / (perBatch * batches),
      honestApart: shareApart(
        this.#apart,
        honest.map(({ account }) => account!),
      ),
      nearAnswers: this.#near / this.#label.length,
      tallies: talliesOf(this.#members),
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
    const { redundancy, open } = this.#setting
    this.#sure.clear()
    for (let from = 0; from < plain.length; from += open) {
      const now = plain.slice(from, from + open)
      for (let round = 0; round < redundancy; round++) for (const t of now) this.#askSomebody(t, gold)
      this.#askAgain(now, plain.slice(0, from + open), gold)
    }
    return this.#settle(first, plain)
  }

  #addItem(source: number, isKnown: boolean): number {
    this.#answer.push(isKnown ? this.#known.truthOf(source) : -1)
    this.#askedOf.push(new Set())
    return this.#source.push(source) - 1
  }

  /** Gives an item to somebody drawn at random, and a known item before it now and then; to who is new nothing else. */
  #askSomebody(t: number, gold: readonly number[]): void {
    const { goldShare, doubtShare, auditShare } = this.#setting
    for (let n = 0; n < this.#members.length; n++) {
      const member = this.#pick(t)
      if (member === null) return
      const { account } = member
      if (this.#standingOf(member) === 'new' && this.#askAny(member, gold)) continue
      const isDoubted = this.#isInDoubt(member)
      const share = isDoubted ? doubtShare : goldShare
      if (this.#random() < share / (1 - share)) {
        const isAudit =
          isDoubted && this.#random() < auditShare && this.#askAny(member, this.#auditsFor(member))
        if (!isAudit) this.#askAny(member, gold)
      }
      if (member.account !== account) continue
      this.#ask(member, t)
      return
    }
  }

  /** Sure items answered by strangers alone: a ring must not vouch for itself. */
  #auditsFor({ account }: Member): number[] {
    return [...this.#sure.keys()].filter((t) => harmOf(this.#apart, account!, this.#askedOf[t]!) === 0)
  }

  /** Asks for one of these at random that the account has not had; whether there was one. */
  #askAny(member: Member, items: readonly number[]): boolean {
    const free = items.filter((t) => !this.#askedOf[t]!.has(member.account!))
    if (free.length > 0) this.#ask(member, free[Math.floor(this.#random() * free.length)]!)
    return free.length > 0
  }

  #isInDoubt(member: Member): boolean {
    return this.#doubted.has(member.account!) || this.#standingOf(member) === 'doubted'
  }

  #standingOf(member: Member): GoldStanding {
    member.standing ??= goldStanding(member.gold, this.#population.classes, leastResponse(this.#usual))
    return member.standing
  }

  /** Somebody at random whose account has not had the item; a stranger to all who had, or who is nearest to one. */
  #pick(t: number): Member | null {
    const asked = this.#askedOf[t]!
    const free = this.#members.filter(({ account }) => account !== null && !asked.has(account))
    let best: Member | null = null
    let least = Number.POSITIVE_INFINITY
    for (let n = free.length; n > 0 && least > 0; n--) {
      const at = Math.floor(this.#random() * n)
      const member = free[at]!
      free[at] = free[n - 1]!
      const harm = harmOf(this.#apart, member.account!, asked)
      if (harm < least) [best, least] = [member, harm]
    }
    if (best !== null && least > 0) this.#near++
    return best
  }

  #ask(member: Member, t: number): void {
    if (member.account === null) return
    const known = this.#answer[t]!
    const task = { source: this.#source[t]!, item: t, isKnown: known >= 0 }
    const { label, looks, other } = this.#answers.answer(member, task)
    this.#askedOf[t]!.add(member.account)
    this.#item.push(t)
    this.#worker.push(member.account)
    this.#label.push(label)
    member.tally.labels++
    member.tally.looks += looks
    member.tally.other += other
    const sure = this.#sure.get(t)
    if (known >= 0) member.gold.push({ label, right: label === known ? 1 : 0 })
    else if (sure !== undefined) member.gold.push({ label, right: sure[label]! })
    else return
    member.standing = null
    if (this.#standingOf(member) === 'stopped') this.#stop(member)
  }

  #stop(member: Member): void {
    member.tally.stops++
    this.#stopped.add(member.account!)
    this.#entrance.admit(member, this.#usual)
  }

  /** Looks at who answers how, then asks again for items of `now` whose answers tell less than usual ones would. */
  #askAgain(now: readonly number[], plain: readonly number[], gold: readonly number[]): void {
    const table = labelTable(this.#columns())
    const known = Int32Array.from(this.#answer)
    const fit = dawidSkene(table, known)
    const statements = statementsOf(table, known, othersOf(table, fit).support)
    const responses = responsesOf(statements)
    const usual = usualResponse(statements, responses)
    this.#apart = pairsToSeparate(table, statements.others)
    this.#stopWhoIsBlind(table, known, statements)
    // What an answer tells grows with the square of how often one looks.
    const weightOf = (w: number) =>
      this.#stopped.has(w) ? 0 : w < table.workers ? Math.min(1, responses[w]! / usual) ** 2 : NEW_WEIGHT
    const { redundancy, most } = this.#setting
    for (const t of now) {
      let told = 0
      for (let i = table.start[t]!; i < table.start[t + 1]!; i++) told += weightOf(table.worker[i]!)
      for (let n = table.start[t + 1]! - table.start[t]!; n < most && told < redundancy; n++) {
        const before = this.#label.length
        this.#askSomebody(t, gold)
        if (this.#label.length > before && this.#item.at(-1) === t) told += weightOf(this.#worker.at(-1)!)
      }
    }
    this.#sure = sureItems(fit.posterior, table.classes, plain, SURE)
  }

  #stopWhoIsBlind(table: LabelTable, known: Int32Array, statements: Statements): void {
    const blind = new Set(stoppedByCrowd({ ...this.#columns(), known }, table, statements))
    for (const member of this.#members) {
      if (member.account !== null && blind.has(member.account)) this.#stop(member)
    }
  }

  /** Pays the items from `first` on and learns whom to doubt. */
  #settle(first: number, plain: readonly number[]): number {
    const { classes, truth } = this.#population
    const table = labelTable(this.#columns())
    const known = Int32Array.from(this.#answer)
    const fit = auto(table, known)
    const { support, disagreement } = othersOf(table, fit)
    const statements = statementsOf(table, known, support)
    const qualities = qualitiesOf(statements)
    const { floor, difficulty, curve } = this.#setting
    for (let i = table.start[first]!; i < table.label.length; i++) {
      const full = 1 + (difficulty - 1) * disagreement[i]!
      const { tally } = this.#entrance.owners[table.worker[i]!]!
      tally.pay += floor + Math.max(0, full - floor) * curve(qualities[i]!)
    }
    const responses = responsesOf(statements)
    const least = leastResponse(usualResponse(statements, responses))
    this.#doubted = new Set([...responses.keys()].filter((w) => responses[w]! < least))
    this.#usual = usualOnKnown({ ...this.#columns(), known })
    for (const member of this.#members) member.standing = null
    return plain.filter((t) => {
      const row = fit.posterior.subarray(t * classes, (t + 1) * classes)
      return row[truth[this.#source[t]!]!]! >= Math.max(...row)
    }).length
  }

  #columns(): UnsortedLabels {
    return {
      items: this.#source.length,
      workers: this.#entrance.owners.length,
      classes: this.#population.classes,
      item: Int32Array.from(this.#item),
      worker: Int32Array.from(this.#worker),
      label: Int32Array.from(this.#label),
    }
  }
}
