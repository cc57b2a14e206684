import { type Population, readingOf } from './population.ts'

export type Random = () => number

/** How somebody works. */
export type Strategy =
  | 'honest'
  | 'random'
  | 'always-yes'
  | 'always-no'
  | 'majority-guessing'
  | 'copying'
  | 'gold-spotting'
  | 'colluding'
  | 'sharing-ring'

/** Those that are expected to earn less; a ring that shares found answers does the work once (see docs/incentives.md). */
export const CHEATS: readonly Strategy[] = [
  'random',
  'always-yes',
  'majority-guessing',
  'copying',
  'gold-spotting',
  'colluding',
]

/** What one label costs, in looks; half and twice as much for all that is no look is reported too. */
export const LOOK = 1
export const GLANCE = 0.3
export const CLICK = 0.15

/** A label and what it cost: looks, and other effort. */
export interface Answer {
  readonly label: number
  readonly looks: number
  readonly other: number
}

/** The share of items of which a glance shows what a look would; more often where the crowd agrees. */
const AT_A_GLANCE = 0.3

/** What is in front of somebody. */
export interface Task {
  /** Item of the population. */
  readonly source: number
  /** Of the campaign; null while qualifying. */
  readonly item: number | null
  /** As far as somebody who spots gold can tell. */
  readonly isKnown: boolean
}

export interface Person {
  readonly strategy: Strategy
  /** Whose way of reading this person has, among the population's workers. */
  readonly reader: number
  /** Honest people whose answers this one sees. */
  readonly friends: ReadonlySet<Person>
}

/** Answers a crowd's tasks, each person after its strategy. */
export class Answers {
  readonly #population: Population
  readonly #random: Random
  readonly #commonest: number
  readonly #rarest: number
  readonly #prior: Float64Array
  readonly #ease: Float64Array
  readonly #glance: number
  /** Per item of the campaign what the ring has agreed on, and who said what. */
  readonly #agreed = new Map<number, number>()
  readonly #given = new Map<number, { person: Person; label: number }[]>()

  constructor(population: Population, random: Random) {
    this.#population = population
    this.#random = random
    const { classes, truth, seen } = population
    this.#prior = new Float64Array(classes)
    for (const k of truth) this.#prior[k]! += 1 / truth.length
    this.#commonest = this.#prior.indexOf(Math.max(...this.#prior))
    this.#rarest = this.#prior.indexOf(Math.min(...this.#prior))
    this.#ease = Float64Array.from(truth, (_, t) =>
      Math.max(...seen.subarray(t * classes, (t + 1) * classes)),
    )
    this.#glance = AT_A_GLANCE / (this.#ease.reduce((sum, share) => sum + share, 0) / truth.length)
  }

  /** A person's label for a task and what it cost. */
  answer(person: Person, task: Task): Answer {
    const answer = this.#decide(person, task)
    if (task.item !== null) {
      const given = this.#given.get(task.item) ?? []
      given.push({ person, label: answer.label })
      this.#given.set(task.item, given)
    }
    return answer
  }

  look({ reader }: Person, { source }: Task): Answer {
    const label = drawFrom(readingOf(this.#population, reader, source), this.#random)
    return { label, looks: LOOK, other: 0 }
  }

  #decide(person: Person, task: Task): Answer {
    switch (person.strategy) {
      case 'honest':
        return this.look(person, task)
      case 'random':
        return click(this.#anyLabel())
      case 'always-yes':
        return click(this.#commonest)
      case 'always-no':
        return click(this.#rarest)
      case 'majority-guessing': {
        const shows = this.#random() < this.#ease[task.source]! * this.#glance
        return glance(shows ? this.look(person, task).label : this.#commonest)
      }
      case 'copying': {
        const given = task.item === null ? [] : (this.#given.get(task.item) ?? [])
        const seen = given.find((answer) => person.friends.has(answer.person))
        return glance(seen?.label ?? this.#commonest)
      }
      case 'gold-spotting':
        return task.isKnown ? this.look(person, task) : click(this.#anyLabel())
      case 'colluding':
        return click(this.#agree(task, () => drawFrom(this.#prior, this.#random)))
      case 'sharing-ring': {
        const isFirst = task.item === null || !this.#agreed.has(task.item)
        const label = this.#agree(task, () => this.look(person, task).label)
        return isFirst ? { label, looks: LOOK, other: 0 } : glance(label)
      }
    }
  }

  /** What the ring says to an item: whatever its first member did. */
  #agree({ item }: Task, first: () => number): number {
    if (item === null) return first()
    const agreed = this.#agreed.get(item) ?? first()
    this.#agreed.set(item, agreed)
    return agreed
  }

  #anyLabel(): number {
    return Math.floor(this.#random() * this.#population.classes)
  }
}

const click = (label: number): Answer => ({ label, looks: 0, other: CLICK })
const glance = (label: number): Answer => ({ label, looks: 0, other: GLANCE })

function drawFrom(chances: Float64Array, random: Random): number {
  let rest = random()
  for (let k = 0; k < chances.length; k++) {
    rest -= chances[k]!
    if (rest < 0) return k
  }
  return chances.length - 1
}
