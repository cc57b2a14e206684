import { StandardMerkleTree } from '@openzeppelin/merkle-tree'
import { expect, test } from 'vitest'
import { named } from '../../test/simulated-campaign.ts'
import { toHex } from '../bytes/hex.ts'
import { combineProofs } from './multiproof.ts'
import { payoutLeaf, payoutsTree } from './roots.ts'

const campaignId = toHex(named('campaign'))

/** Every second, every third …, all and only the last: what is combined need not stand together. */
const choices = (count: number) =>
  [1, 2, 3, 7, count].map((step) => Array.from({ length: Math.ceil(count / step) }, (_, i) => i * step))

test.each([1, 2, 3, 5, 8, 33, 100])('of a tree of %i leaves a combined proof is OpenZeppelin’s', (count) => {
  const payouts = Array.from({ length: count }, (_, i) => ({
    account: toHex(named(`a${i}`).subarray(0, 20)),
    amount: BigInt(i),
  }))
  const tree = payoutsTree(campaignId, payouts)
  const oracle = StandardMerkleTree.of(
    payouts.map(({ account, amount }) => [campaignId, account, amount]),
    ['bytes32', 'address', 'uint256'],
  )
  for (const chosen of choices(count)) {
    const combined = combineProofs(
      chosen.map((i) => ({
        leaf: payoutLeaf(campaignId, payouts[i]!),
        proof: tree.proofOf(payouts[i]!.account),
      })),
    )
    const expected = oracle.getMultiProof(chosen)
    expect(combined.proof).toEqual(expected.proof)
    expect(combined.flags).toEqual(expected.proofFlags)
    const accounts = combined.order.map((place) => payouts[chosen[place]!]!.account)
    expect(accounts).toEqual(expected.leaves.map((leaf) => leaf[1]))
  }
})

test('nothing to prove needs no proof', () => {
  expect(combineProofs([])).toEqual({ order: [], proof: [], flags: [] })
})
