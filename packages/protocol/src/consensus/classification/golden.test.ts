import { expect, test } from 'vitest'
import vectors from '../../../test/vectors/classification.json' with { type: 'json' }
import { bwa } from './bwa.ts'
import { dawidSkene } from './dawid-skene.ts'
import { dawidSkeneOfLogs } from './dawid-skene-logs.ts'
import { ebcc } from './ebcc.ts'
import { glad } from './glad.ts'
import { ibcc } from './ibcc.ts'
import { type Classifier, labelTable } from './label-table.ts'
import { mace } from './mace.ts'
import { majority } from './majority.ts'
import { oneCoin } from './one-coin.ts'
import { wawa, zeroBasedSkill } from './weighted-majority.ts'

const methods: Record<string, Classifier> = {
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
}
const { items, workers, classes } = vectors
const [item, worker, label] = [vectors.item, vectors.worker, vectors.label].map((column) =>
  Int32Array.from(column),
)
const unsorted = { items, workers, classes, item: item!, worker: worker!, label: label! }

test.each(Object.entries(vectors.posterior))('%s gives the bits of the golden vectors', (name, posterior) => {
  const { withoutLabel, ...fit } = methods[name]!(labelTable(unsorted), Int32Array.from(vectors.known))
  expect([...fit.posterior]).toEqual(posterior)
  expect([...withoutLabel(7)]).toEqual(vectors.withoutLabel7[name as keyof typeof vectors.withoutLabel7])
})

test('labels in another order give the same bits', () => {
  // 7 is prime to the number of labels, none of which is a repeat.
  const turned = Array.from({ length: item!.length }, (_, i) => (i * 7 + 3) % item!.length)
  const column = (values: Int32Array) => Int32Array.from(turned, (i) => values[i]!)
  const shuffled = { ...unsorted, item: column(item!), worker: column(worker!), label: column(label!) }
  for (const method of Object.values(methods)) {
    const known = Int32Array.from(vectors.known)
    expect(method(labelTable(shuffled), known).posterior).toEqual(
      method(labelTable(unsorted), known).posterior,
    )
  }
})
