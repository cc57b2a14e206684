import { seededRandom, shuffled } from '@tagger/protocol/seeded'
import type { Crowd } from './crowd.ts'

const WORKERS = 40
const ANSWERS_PER_TASK = 5
const SECOND_THOUGHTS = 12

/** How often a worker is right; nobody knows but the crowd's maker. */
const SKILLS = [
  { share: 0.5, skill: 0.9 },
  { share: 0.3, skill: 0.76 },
  { share: 0.15, skill: 0.6 },
  { share: 0.05, skill: 1 / 3 },
]

const OPENINGS = [
  'Hello, quick one:',
  'Third time I write to you.',
  'I like the shop, but',
  'Since this morning',
  'My sister and I noticed that',
  'Can somebody explain why',
  'No hurry, but',
  'According to the app',
  'I am traveling and',
  'For the second week in a row',
]

const TOPICS: Record<string, readonly string[]> = {
  payment: [
    'my card was charged twice for one order.',
    'the refund never reached my account.',
    'the voucher is refused at the last step.',
    'the invoice shows a price I never agreed to.',
    'paying by transfer ends in a blank page.',
    'the tax on the receipt does not add up.',
    'the subscription renewed although I had ended it.',
    'my bank says the amount is still reserved.',
    'the total changes when I pick another currency.',
    'the deposit for the rental was kept.',
  ],
  login: [
    'the code for signing in arrives an hour late.',
    'my password is refused on the phone only.',
    'the account says it belongs to someone else.',
    'I am thrown out every few minutes.',
    'the link to set a new password is dead.',
    'my name changed and I cannot get in anymore.',
    'the app asks me who I am again and again.',
    'both of our profiles show the same address book.',
    'signing in from the hotel is blocked.',
    'the fingerprint stopped working after the update.',
  ],
  delivery: [
    'the parcel went to a street with a similar name.',
    'the driver left the box in the rain.',
    'the tracking has not moved for six days.',
    'two of the five chairs are missing.',
    'the package came open and half empty.',
    'the pickup point was closed when I came.',
    'the flowers arrived a day after the party.',
    'they rang once and were gone before I was at the door.',
    'the return label leads to a depot that closed.',
    'the sofa does not fit through the door it was promised to fit.',
  ],
}

/** A crowd made from a seed: 300 short messages, 40 workers of known skill, five answers each. */
export function makeOwnCrowd(seed: string): Crowd {
  const random = seededRandom(`own-crowd/${seed}`)
  const labels = Object.keys(TOPICS)
  const truth = new Map<string, string>()
  const messages = labels.flatMap((label) =>
    TOPICS[label]!.flatMap((fact) => OPENINGS.map((opening) => ({ label, text: `${opening} ${fact}` }))),
  )
  const tasks = shuffled(messages, random).map(({ label, text }, index) => {
    const task = `m${index}`
    truth.set(task, label)
    return { task, data: { task, text } }
  })
  const rows = tasks.flatMap(({ task }) =>
    shuffled(workerNames(), random)
      .slice(0, ANSWERS_PER_TASK)
      .map((worker) => ({ worker, task, label: answer(worker, truth.get(task)!, labels, random) })),
  )
  // A few think again, and then they are right.
  const again = shuffled(rows, random)
    .slice(0, SECOND_THOUGHTS)
    .map(({ worker, task }) => ({ worker, task, label: truth.get(task)! }))
  return {
    name: 'own',
    title: 'What is this message about?',
    labelingConfig: [
      '<View>',
      '  <Text name="task" value="$task"/>',
      '  <Text name="text" value="$text"/>',
      '  <Header value="What is this message about?"/>',
      '  <Choices name="topic" toName="text" choice="single">',
      ...labels.map((label) => `    <Choice value="${label}"/>`),
      '  </Choices>',
      '</View>',
    ].join('\n'),
    labels,
    tasks,
    rows: [...rows, ...again],
    truth,
  }
}

function workerNames(): string[] {
  return Array.from({ length: WORKERS }, (_, index) => `w${index}`)
}

function skillOf(worker: string): number {
  let rank = (Number(worker.slice(1)) + 0.5) / WORKERS
  for (const { share, skill } of SKILLS) {
    if (rank < share) return skill
    rank -= share
  }
  return SKILLS.at(-1)!.skill
}

function answer(worker: string, truth: string, labels: readonly string[], random: () => number): string {
  if (random() < skillOf(worker)) return truth
  const wrong = labels.filter((label) => label !== truth)
  return wrong[Math.floor(random() * wrong.length)]!
}
