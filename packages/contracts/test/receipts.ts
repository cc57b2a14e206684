/** How tests sign receipts, build records roots and contest batches. */
import { SimpleMerkleTree } from '@openzeppelin/merkle-tree'
import { type Address, encodeAbiParameters, type Hex, keccak256, stringToHex } from 'viem'
import type { Batch, Campaign } from './campaign.ts'
import { address, people, time, type Wallet, type World } from './world.ts'

export type WorkReceipt = Parameters<World['campaigns']['read']['receiptDigest']>[0][0]
export type Chain = { account: Address; count: bigint; link: Hex; proof: readonly Hex[] }

const receiptTypes = {
  WorkReceipt: [
    { name: 'campaignId', type: 'bytes32' },
    { name: 'account', type: 'address' },
    { name: 'link', type: 'bytes32' },
    { name: 'count', type: 'uint64' },
    { name: 'owedAtLeast', type: 'uint256' },
    { name: 'issuedAt', type: 'uint64' },
  ],
} as const

export type SignedReceipt = { receipt: WorkReceipt; signature: Hex }

/** A receipt of Ana's first ten records, but for what a test changes, signed by the receipt key. */
export async function receiptOf(
  world: World,
  { id }: Pick<Campaign, 'id'>,
  changes: Partial<WorkReceipt> = {},
  signer: Wallet = people.receiptKey,
): Promise<SignedReceipt> {
  const receipt: WorkReceipt = {
    campaignId: id,
    account: address.ana,
    link: keccak256(stringToHex('link')),
    count: 10n,
    owedAtLeast: 100_000n,
    issuedAt: BigInt(await time.latest()),
    ...changes,
  }
  const signature = await signer.signTypedData({
    domain: {
      name: 'Tagger',
      version: '1',
      chainId: 31_337,
      verifyingContract: world.campaigns.address,
    },
    types: receiptTypes,
    primaryType: 'WorkReceipt',
    message: receipt,
  })
  return { receipt, signature }
}

export type Records = { root: Hex; chain: (account: Address) => Chain }

const leafTypes = [{ type: 'bytes32' }, { type: 'address' }, { type: 'uint64' }, { type: 'bytes32' }] as const

/** A records root over the lengths of chains, as the operator builds it. */
export function recordsOf(id: Hex, counts: readonly (readonly [Address, bigint])[]): Records {
  const link = keccak256(stringToHex('link'))
  const tree = SimpleMerkleTree.of(
    counts.map(([account, count]) =>
      keccak256(keccak256(encodeAbiParameters(leafTypes, [id, account, count, link]))),
    ),
  )
  return {
    root: tree.root as Hex,
    chain: (account) => {
      const at = counts.findIndex(([own]) => own === account)
      return { account, count: counts[at]![1], link, proof: tree.getProof(at) as Hex[] }
    },
  }
}

/** An answer's part that is of no matter. */
export const noAmount = { account: address.ana, amount: 0n, proof: [] }
export const noChain = (account: Address): Chain => ({
  account,
  count: 0n,
  link: keccak256('0x'),
  proof: [],
})

/** A header of nothing, for calls that do not look at it. */
export const anyHeader = (id: Hex): Batch['header'] => ({
  campaignId: id,
  previous: id,
  index: 0n,
  cutAt: 0n,
  bundle: id,
  recordsRoot: id,
  resultsRoot: id,
  payoutsRoot: id,
  payoutsTotal: 0n,
  state: id,
  closing: false,
})
