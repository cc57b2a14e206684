import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { voteStore, votesFile } from './vote-store.ts'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-votes-'))
})
afterEach(() => rm(folder, { recursive: true, force: true }))

test('what is kept is there for the next process, for its owner only', async () => {
  const file = votesFile(join(folder, 'data'), '0xAB')
  expect(await voteStore(file).get('vote:0x12:0xab')).toBeNull()
  await voteStore(file).set('vote:0x12:0xab', 'one')
  await voteStore(file).set('vote:0x34:0xab', 'two')
  expect(await voteStore(file).get('vote:0x12:0xab')).toBe('one')
  expect(await voteStore(file).get('vote:0x34:0xab')).toBe('two')
  expect((await stat(file)).mode & 0o077).toBe(0)
  await voteStore(file).remove('vote:0x12:0xab')
  expect(await voteStore(file).get('vote:0x12:0xab')).toBeNull()
})

test('accounts do not share a file, however their address is written', () => {
  expect(votesFile(folder, '0xAB')).toBe(votesFile(folder, '0xab'))
  expect(votesFile(folder, '0xab')).not.toBe(votesFile(folder, '0xcd'))
})

test('a file that holds something else is told', async () => {
  const file = join(folder, 'votes.json')
  await writeFile(file, 'nonsense')
  await expect(voteStore(file).get('vote:0x12:0xab')).rejects.toThrow('does not hold votes')
})
