import type { Address, Hex } from '@tagger/protocol'
import { expect, test } from 'vitest'
import {
  backUpVote,
  commitmentOf,
  keepVote,
  readKeptVote,
  readKeptVotes,
  restoreVote,
} from '../src/govern/kept-votes.ts'
import { memoryStore } from '../src/store.ts'

const disputeId: Hex = `0x${'11'.repeat(32)}`
const account: Address = `0x${'22'.repeat(20)}`
const other: Address = `0x${'33'.repeat(20)}`
const vote = { isValid: false, salt: `0x${'ab'.repeat(32)}` as Hex }

test('a copy of a kept vote brings it back elsewhere', async () => {
  const [here, there] = [memoryStore(), memoryStore()]
  await keepVote(here, { disputeId, account }, vote)
  const kept = await readKeptVote(here, { disputeId, account })
  expect(kept).toEqual(vote)
  expect(await readKeptVote(here, { disputeId, account: other })).toBeNull()
  await restoreVote(there, { disputeId, account }, backUpVote({ disputeId, account }, kept!))
  expect(await readKeptVote(there, { disputeId, account })).toEqual(vote)
})

test('a file that holds no such vote is refused and nothing is kept', async () => {
  const store = memoryStore()
  const foreign = backUpVote({ disputeId, account: other }, vote)
  const broken = backUpVote({ disputeId, account }, { ...vote, salt: '0x12' })
  for (const text of ['', '{}', 'null', '[1]', foreign, broken]) {
    await expect(restoreVote(store, { disputeId, account }, text), text).rejects.toThrow(/holds no vote/)
  }
  expect(await readKeptVote(store, { disputeId, account })).toBeNull()
})

test('a vote that changed before it was sent leaves the other to be revealed, whichever arrived', async () => {
  const store = memoryStore()
  const [no, yes] = [vote, { isValid: true, salt: `0x${'cd'.repeat(32)}` as Hex }]
  for (const one of [no, yes, no]) await keepVote(store, { disputeId, account }, one)
  expect(await readKeptVotes(store, { disputeId, account })).toEqual([no, yes])
  expect(await readKeptVote(store, { disputeId, account })).toEqual(yes)
  const commitments = [no, yes].map((one) => commitmentOf({ disputeId, account }, one))
  expect(new Set(commitments).size).toBe(2)
})
