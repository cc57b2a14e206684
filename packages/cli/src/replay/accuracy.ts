import {
  decodeSpec,
  type Evidence,
  estimate,
  type Hex,
  labelsOf,
  METHOD_VERSIONS,
  type Method,
  type Spec,
  type WorkRecord,
} from '@tagger/protocol'
import { recordsOf } from './evidence.ts'

/** Shares of items whose answer is right; a tie counts for its part. */
export interface Accuracy {
  majority: number
  /** One fit over all records at once. */
  dawidSkene: number
  /** As the batches carried it, each fitted when it was cut. */
  published: number
  items: number
}

/** Compares three answers per item with the truth, over items that are not gold. */
export function measureAccuracy(evidence: readonly Evidence[], truth: ReadonlyMap<Hex, string>): Accuracy {
  const spec = decodeSpec(evidence[0]!.spec)
  const labels = labelsOf(spec)
  const gold = new Map(
    evidence.flatMap(({ reveals }) => reveals.map(({ item, label }) => [item, label] as const)),
  )
  const asked = new Map([...truth].filter(([item]) => !gold.has(item)))
  const records = recordsOf(evidence)
  const measure = (method: Method, known: ReadonlyMap<Hex, string>) => {
    const consensus = { method, version: METHOD_VERSIONS[method] }
    return rate(distributions({ ...spec, consensus }, records, known), asked, labels)
  }
  const published = new Map(
    evidence.flatMap(({ results }) => results.map(({ item, distribution }) => [item, distribution] as const)),
  )
  return {
    majority: measure('majority', new Map()),
    dawidSkene: measure('dawid-skene', gold),
    published: rate(published, asked, labels),
    items: asked.size,
  }
}

function distributions(spec: Spec, records: readonly WorkRecord[], gold: ReadonlyMap<Hex, string>) {
  return new Map(
    [...estimate({ spec, records, gold })].map(([item, { distribution }]) => [item, distribution]),
  )
}

function rate(
  answers: ReadonlyMap<Hex, readonly number[]>,
  truth: ReadonlyMap<Hex, string>,
  labels: readonly string[],
): number {
  let right = 0
  for (const [item, label] of truth) {
    const distribution = answers.get(item)
    if (distribution === undefined) continue
    const most = Math.max(...distribution)
    const best = labels.filter((_, index) => distribution[index] === most)
    if (best.includes(label)) right += 1 / best.length
  }
  return truth.size === 0 ? 0 : Math.round((right / truth.size) * 1e6) / 1e6
}
