import { seededRandom } from '@tagger/protocol/seeded'
import type { Outcome } from './campaign.ts'
import { membersOf, talliesOf } from './people.ts'
import type { Population } from './population.ts'
import { Answers, type Strategy } from './strategies.ts'

const FIRST = 3
/** Tie-breaks at most; then the first of the leaders is the outcome. */
const TIE_BREAKS = 2

/** The usual rule: three people, another one where they do not agree, and full pay for whoever matches the outcome. */
export function runBaseline(
  population: Population,
  crowd: readonly Strategy[],
  seed: string,
  labels: number,
): Outcome {
  const { classes, truth } = population
  const random = seededRandom(`${seed}/work`)
  const things = seededRandom(`${seed}/things`)
  const answers = new Answers(population, random)
  const members = membersOf(population, crowd, seededRandom(`${seed}/people`))
  const items = Math.floor(labels / FIRST)
  let [right, given] = [0, 0]
  for (let item = 0; item < items; item++) {
    const source = Math.floor(things() * truth.length)
    const votes = new Int32Array(classes)
    const answered = new Map<(typeof members)[number], number>()
    const leads = () =>
      votes.filter((count) => count === Math.max(...votes)).length === 1 && Math.max(...votes) > 1
    while (answered.size < FIRST || (!leads() && answered.size < FIRST + TIE_BREAKS)) {
      const member = members[Math.floor(random() * members.length)]!
      if (answered.has(member)) continue
      const { label, looks, other } = answers.answer(member, { source, item, isKnown: false })
      votes[label]!++
      answered.set(member, label)
      member.tally.labels++
      member.tally.looks += looks
      member.tally.other += other
    }
    const outcome = votes.indexOf(Math.max(...votes))
    for (const [member, label] of answered) if (label === outcome) member.tally.pay++
    if (outcome === truth[source]) right++
    given += answered.size
  }
  return {
    accuracy: right / items,
    labelsPerItem: given / items,
    honestApart: 0,
    nearAnswers: 0,
    tallies: talliesOf(members),
  }
}
