import { type CheckedAnswer, type GoldStanding, leastResponse, qualifies } from '@tagger/protocol/quality'
import type { Known } from './known.ts'
import type { Population } from './population.ts'
import type { Answer, Answers, Person, Random, Strategy } from './strategies.ts'

/** Somebody in a campaign, under one account after the other. */
export interface Member extends Person {
  /** The account now in use, null when not let in. */
  account: number | null
  /** Answers to known items, and to such as the crowd is sure of, under it. */
  gold: CheckedAnswer[]
  /** What they say of it; null until asked for. */
  standing: GoldStanding | null
  /** How to qualify: as one works, or for once by looking. */
  way: Strategy | null
  readonly tally: Tally
}

/** What somebody did and earned: effort in looks, pay in base pays. */
export interface Tally {
  labels: number
  looks: number
  other: number
  stops: number
  pay: number
}

const noTally = (): Tally => ({ labels: 0, looks: 0, other: 0, stops: 0, pay: 0 })

/** What the people of each strategy did and earned together. */
export function talliesOf(members: readonly Member[]): Map<Strategy, Tally> {
  const tallies = new Map<Strategy, Tally>()
  for (const { strategy, tally } of members) {
    const sum = tallies.get(strategy) ?? noTally()
    for (const key of Object.keys(sum) as (keyof Tally)[]) sum[key] += tally[key]
    tallies.set(strategy, sum)
  }
  return tallies
}

/** Honest people whose answers a copier sees. */
const FRIENDS = 5
/** How often somebody tries to qualify before leaving. */
const ATTEMPTS = 5
/** Trials from which a cheat learns which way in is cheaper. */
const TRIALS = 20

/** Unpaid known items before work, and again after a stop. */
export class Entrance {
  readonly #known: Known
  readonly #answers: Answers
  readonly #items: number
  readonly #classes: number
  /** Owner per account. */
  readonly owners: Member[] = []

  constructor(known: Known, answers: Answers, items: number, classes: number) {
    this.#known = known
    this.#answers = answers
    this.#items = items
    this.#classes = classes
  }

  /** Lets somebody in under a new account, or not. `usual`: the crowd's response on known items. */
  admit(member: Member, usual: number): void {
    member.way ??= this.#cheapestWay(member, usual)
    member.account = null
    for (let n = 0; n < ATTEMPTS && member.account === null; n++) {
      const { cost, isPassed } = this.#attempt(member, member.way, usual)
      member.tally.looks += cost.looks
      member.tally.other += cost.other
      if (isPassed) member.account = this.owners.push(member) - 1
    }
    member.gold = []
    member.standing = null
  }

  #attempt(member: Member, way: Strategy, usual: number) {
    const cost = { looks: 0, other: 0 }
    const given = Array.from({ length: this.#items }, (): CheckedAnswer => {
      const source = this.#known.any()
      const task = { source, item: null, isKnown: true }
      const answer: Answer =
        way === 'honest' ? this.#answers.look(member, task) : this.#answers.answer(member, task)
      cost.looks += answer.looks
      cost.other += answer.other
      return { label: answer.label, right: answer.label === this.#known.truthOf(source) ? 1 : 0 }
    })
    return { cost, isPassed: qualifies(given, this.#classes, leastResponse(usual)) }
  }

  #cheapestWay(member: Member, usual: number): Strategy {
    if (member.strategy === 'honest') return 'honest'
    const costOf = (way: Strategy) => {
      let [cost, passed] = [0, 0]
      for (let n = 0; n < TRIALS; n++) {
        const trial = this.#attempt(member, way, usual)
        cost += trial.cost.looks + trial.cost.other
        if (trial.isPassed) passed++
      }
      return passed === 0 ? Number.POSITIVE_INFINITY : cost / passed
    }
    return costOf(member.strategy) < costOf('honest') ? member.strategy : 'honest'
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
