import { StandardMerkleTree } from '@openzeppelin/merkle-tree'
import { describe, expect, test } from 'vitest'
import { named } from '../../test/simulated-campaign.ts'
import { concatBytes, padWord, word } from '../bytes/concat.ts'
import { fromHex, toHex } from '../bytes/hex.ts'
import { resultHashOf } from './result.ts'
import { payoutsTree, recordsTree, resultsTree } from './roots.ts'
import { verifyProof } from './tree.ts'

const campaignId = toHex(named('campaign'))
const accounts = (count: number) =>
  Array.from({ length: count }, (_, i) => toHex(named(`a${i}`).subarray(0, 20)))

describe.each([1, 2, 3, 4, 7, 8, 100])('a tree of %i leaves is OpenZeppelin’s', (count) => {
  test('payouts, with every proof', () => {
    const payouts = accounts(count).map((account, i) => ({ account, amount: BigInt(i) * 10n ** 20n + 7n }))
    const oracle = StandardMerkleTree.of(
      payouts.map(({ account, amount }) => [campaignId, account, amount]),
      ['bytes32', 'address', 'uint256'],
    )
    const tree = payoutsTree(campaignId, payouts)
    expect(tree.root).toBe(oracle.root)
    payouts.forEach(({ account, amount }, i) => {
      const proof = tree.proofOf(account)
      expect(proof).toEqual(oracle.getProof(i))
      const leaf = concatBytes(fromHex(campaignId), padWord(fromHex(account)), word(amount))
      expect(verifyProof(leaf, proof, tree.root)).toBe(true)
      const other = concatBytes(fromHex(campaignId), padWord(fromHex(account)), word(amount + 1n))
      expect(verifyProof(other, proof, tree.root)).toBe(false)
    })
  })

  test('records and results', () => {
    const chains = accounts(count).map((account, i) => ({
      account,
      count: i + 1,
      link: toHex(named(`l${i}`)),
    }))
    const recordsOracle = StandardMerkleTree.of(
      chains.map((chain) => [campaignId, chain.account, chain.count, chain.link]),
      ['bytes32', 'address', 'uint64', 'bytes32'],
    )
    expect(recordsTree(campaignId, chains).root).toBe(recordsOracle.root)
    const results = Array.from({ length: count }, (_, i) => ({
      item: toHex(named(`i${i}`)),
      label: 'yes',
      confidence: i,
      distribution: [i, 1_000_000 - i],
      status: 'accepted' as const,
      annotations: 3,
      reviews: 0,
    }))
    const resultsOracle = StandardMerkleTree.of(
      results.map((result) => [campaignId, result.item, resultHashOf(result), result.confidence]),
      ['bytes32', 'bytes32', 'bytes32', 'uint32'],
    )
    expect(resultsTree(campaignId, results).root).toBe(resultsOracle.root)
  })
})

test('an empty tree has the zero root and no proofs', () => {
  const tree = payoutsTree(campaignId, [])
  expect(tree.root).toBe(`0x${'00'.repeat(32)}`)
  expect(() => tree.proofOf(campaignId)).toThrow(RangeError)
})
