import { auto, pickMethod } from '../src/consensus/classification/auto.ts'
import { answerByAuto } from '../src/consensus/classification/auto-answer.ts'
import {
  bwa,
  type Classifier,
  dawidSkene,
  dawidSkeneOfLogs,
  ebcc,
  glad,
  ibcc,
  labelTable,
  mace,
  majority,
  oneCoin,
  wawa,
  zeroBasedSkill,
} from '../src/consensus/classification/index.ts'
import { digamma, lgamma } from '../src/math/gamma.ts'
import { exp, log } from '../src/math/log-exp.ts'
import crowd from './vectors/classification.json' with { type: 'json' }
import math from './vectors/math.json' with { type: 'json' }

/** What math.json has golden values of. */
export const functions = { exp, log, lgamma, digamma }

/** What classification.json has golden probabilities of. */
export const methods: Record<string, Classifier> = {
  majority,
  wawa,
  zeroBasedSkill,
  oneCoin,
  dawidSkene,
  dawidSkeneOfLogs,
  ibcc,
  ebcc,
  mace,
  glad,
  bwa,
  auto,
  answerByAuto: (table, known) =>
    answerByAuto(pickMethod(table, known), table, known, { confidence: 900_000, labels: 2 }),
}

/** The crowd of classification.json in the order of the file, and what is known of it. */
export const golden = {
  unsorted: {
    items: crowd.items,
    workers: crowd.workers,
    classes: crowd.classes,
    item: Int32Array.from(crowd.item),
    worker: Int32Array.from(crowd.worker),
    label: Int32Array.from(crowd.label),
  },
  known: Int32Array.from(crowd.known),
}

/** Replays the golden vectors on the engine at hand: how many values, and the names of those with other bits. */
export function replayVectors(): { replayed: number; wrong: string[] } {
  const wrong: string[] = []
  let replayed = 0
  const compare = (name: string, values: ArrayLike<number>, expected: readonly number[]) => {
    replayed += expected.length
    if (values.length !== expected.length) wrong.push(name)
    else {
      expected.forEach((value, i) => {
        if (!Object.is(values[i], value)) wrong.push(`${name} ${i}`)
      })
    }
  }
  for (const [name, evaluate] of Object.entries(functions)) {
    const rows = math[name as keyof typeof math]
    compare(
      name,
      rows.map(({ x }) => evaluate(x)),
      rows.map(({ value }) => value),
    )
  }
  for (const [name, posterior] of Object.entries(crowd.posterior)) {
    const fit = methods[name]!(labelTable(golden.unsorted), golden.known)
    compare(name, fit.posterior, posterior)
    compare(
      `${name} without label 7`,
      fit.withoutLabel(7),
      crowd.withoutLabel7[name as keyof typeof crowd.withoutLabel7],
    )
  }
  return { replayed, wrong }
}
