import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { datasetsFolder } from '../src/settings.ts'
import { runTagger } from './run-tagger.ts'

const sets = [
  { name: 'd_product', dawidSkene: 0.937, published: 0.935 },
  { name: 'rte', dawidSkene: 0.92, published: 0.92 },
  { name: 'web', dawidSkene: 0.8, published: 0.8 },
]

test.for(sets)('replays the real answers of $name', { timeout: 900_000 }, async (set, { skip }) => {
  const folder = join(datasetsFolder(), 'crowd', set.name)
  if (!existsSync(folder)) skip(`the public data set ${set.name} is not at ${folder}`)
  const ran = await runTagger(['replay', '--data', folder, '--json'])
  expect(ran.code, ran.stderr).toBe(0)
  const report = ran.json()
  expect(report).toMatchObject({ escrowLeft: '0', verify: { ok: true }, ledgerEqualsChain: true })
  expect(report.batches).toBeLessThanOrEqual(4)
  expect(report.accuracy.dawidSkene).toBeGreaterThanOrEqual(set.dawidSkene)
  expect(report.accuracy.published).toBeGreaterThanOrEqual(set.published)
})
