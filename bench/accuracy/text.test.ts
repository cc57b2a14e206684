import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { evaluate } from './text.ts'

const CROWD = join(process.env.TAGGER_DATASETS ?? join(import.meta.dirname, '../../../shared/data'), 'crowd')

test.for([
  // Of the first 300 tasks; crowd-kit's ROVER has 0.0664 on all 2,703.
  { name: 'crowdspeech-dev-clean', tasks: 300, share: 0.92 },
  // ROVER with punctuation kept: 0.6148, as published with crowd-kit's protocol.
  { name: 'crowdwsa-T1', tasks: Number.POSITIVE_INFINITY, share: 0.98 },
])('$name: fewer word errors than ROVER', async ({ name, tasks, share }, { skip }) => {
  const folder = join(CROWD, name)
  if (!existsSync(folder)) skip(`the public data set ${name} is not at ${folder}`)
  const { value, baseline, methods } = await evaluate(folder, tasks)
  expect(value).toBeLessThan(share * baseline)
  if (name === 'crowdwsa-T1') expect(methods['rover, corpus, punctuation kept']).toBeCloseTo(0.6148, 4)
})
