import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { evaluate } from './sequence.ts'

const CROWD = join(process.env.TAGGER_DATASETS ?? join(import.meta.dirname, '../../../shared/data'), 'crowd')

test('ner-mturk: more spans right than the majority of tokens or of spans, on the first 500 sentences', async ({
  skip,
}) => {
  const folder = join(CROWD, 'ner-mturk')
  if (!existsSync(folder)) skip(`the public data set ner-mturk is not at ${folder}`)
  const { value, baseline, methods } = await evaluate(folder, 500)
  expect(value).toBeGreaterThan(baseline + 0.03)
  expect(value).toBeGreaterThan(methods['span majority']! + 0.03)
})
