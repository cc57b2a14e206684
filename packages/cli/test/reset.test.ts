import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ZERO32 } from '@tagger/protocol'
import { folderStore } from '@tagger/sdk/folder-store'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { runTagger } from './run-tagger.ts'

const account = `0x${'22'.repeat(20)}` as const
const receipt = {
  ...{ campaignId: ZERO32, account, link: ZERO32, count: 1, owedAtLeast: '5', issuedAt: 1 },
  signature: `0x${'33'.repeat(65)}`,
}

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-reset-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('reset does not take receipts of another network along', async () => {
  const store = folderStore(join(folder, 'receipts'))
  await store.set(`receipt:${ZERO32}:${account}`, JSON.stringify(receipt))
  const env = { TAGGER_DATA: folder }
  const refused = await runTagger(['reset', '--yes'], { env })
  expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('move that folder elsewhere')])
  expect(existsSync(folder)).toBe(true)
  await rm(join(folder, 'receipts'), { recursive: true })
  expect((await runTagger(['reset', '--yes'], { env })).code).toBe(0)
  expect(existsSync(folder)).toBe(false)
})
