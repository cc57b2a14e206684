/** How tests open campaigns and settle batches. */
import { SimpleMerkleTree } from '@openzeppelin/merkle-tree'
import { type Address, encodeAbiParameters, type Hex, keccak256, sliceHex, zeroHash } from 'viem'
import { campaignsAbi, tagTokenAbi } from '../abi/index.ts'
import { address, as, chain, fortune, noPermit, people, time, usd, type Wallet, type World } from './world.ts'

export { noPermit } from './world.ts'

export type Terms = Parameters<World['campaigns']['read']['campaignId']>[0][0]
export type BatchHeader = Parameters<World['campaigns']['read']['headerHash']>[0][0]
export type PayoutsOfBatch = Parameters<World['campaigns']['simulate']['claim']>[0][0]
export type Claim = { account: Address; amount: bigint; proof: readonly Hex[] }
export type Campaign = { id: Hex; terms: Terms }
/** `named` is how a claim names the batch's payouts. */
export type Batch = {
  header: BatchHeader
  hash: Hex
  payouts: Payouts
  named: PayoutsOfBatch
  /** The payouts root of the batch before. */
  previousRoot: Hex
}

export const zeroRoot = zeroHash

/** Terms that are fine, but for what a test changes. */
export async function newTerms(world: World, changes: Partial<Terms> = {}): Promise<Terms> {
  const now = BigInt(await time.latest())
  return {
    requester: address.requester,
    operator: address.operator,
    receiptKey: address.receiptKey,
    token: world.testUsd.address,
    specHash: keccak256('0x01'),
    basePay: usd(0.05),
    floorPay: usd(0.01),
    operatorFeeBps: 500,
    protocolFeeBps: 250,
    contributorsBps: 4_000,
    deadline: now + 86_400n,
    grace: 3_600n,
    challengeWindow: 60n,
    nonce: 0n,
    ...changes,
  }
}

/** Computed here, not asked from the contract, so that tests check the contract's own computation. */
export function campaignIdOf(world: World, terms: Terms): Hex {
  const inputs = campaignsAbi.find((item) => item.type === 'function' && item.name === 'campaignId')!.inputs
  return keccak256(
    encodeAbiParameters(
      [{ type: 'uint256' }, { type: 'address' }, inputs[0]],
      [31_337n, world.campaigns.address, terms],
    ),
  )
}

export function headerHashOf(header: BatchHeader): Hex {
  const inputs = campaignsAbi.find((item) => item.type === 'function' && item.name === 'headerHash')!.inputs
  return keccak256(encodeAbiParameters(inputs, [header]))
}

/** The operator's signature that it runs this campaign. */
export function acceptanceOf(world: World, id: Hex, signer: Wallet = people.operator): Promise<Hex> {
  return signer.signTypedData({
    domain: {
      name: 'Tagger Campaigns',
      version: '1',
      chainId: 31_337,
      verifyingContract: world.campaigns.address,
    },
    types: { Acceptance: [{ name: 'campaignId', type: 'bytes32' }] },
    primaryType: 'Acceptance',
    message: { campaignId: id },
  })
}

export async function openCampaign(
  world: World,
  { funds = usd(1_000), ...changes }: Partial<Terms> & { funds?: bigint } = {},
): Promise<Campaign> {
  const terms = await newTerms(world, changes)
  const id = campaignIdOf(world, terms)
  const acceptance = await acceptanceOf(world, id)
  await world.campaigns.write.open([terms, funds, acceptance, noPermit], as('requester'))
  return { id, terms }
}

export type Claims = Parameters<World['campaigns']['simulate']['claimMany']>[0][1]
export type Payouts = {
  root: Hex
  total: bigint
  claim: (account: Address) => Claim
  claims: Claim[]
  /** Lines with one proof for all of them; all of the batch's if none are given. */
  many: (lines?: readonly Claim[]) => Claims
}

/** The leaf of OpenZeppelin's standard tree, by viem: the library's own encoder takes most of a test's time. */
export const leafOf = (id: Hex, account: Address, amount: bigint) =>
  keccak256(keccak256(encodeAbiParameters(payoutLeaf, [id, account, amount])))
const payoutLeaf = [{ type: 'bytes32' }, { type: 'address' }, { type: 'uint256' }] as const

/** A payouts root over cumulative amounts, as the operator builds it. */
export function payoutsOf(id: Hex, amounts: readonly (readonly [Address, bigint])[]): Payouts {
  if (amounts.length === 0) {
    const claim = () => {
      throw new Error('nobody is paid')
    }
    return { root: zeroRoot, total: 0n, claim, claims: [], many: claim }
  }
  const tree = SimpleMerkleTree.of(amounts.map(([account, amount]) => leafOf(id, account, amount)))
  const claims = amounts.map(([account, amount], i) => ({
    account,
    amount,
    get proof() {
      return tree.getProof(i) as Hex[]
    },
  }))
  return {
    root: tree.root as Hex,
    total: amounts.reduce((sum, [, amount]) => sum + amount, 0n),
    claim: (account) => claims.find((claim) => claim.account === account)!,
    claims,
    many: (lines = claims) => {
      const wanted = lines.map(({ account, amount }) =>
        amounts.findIndex(([own, value]) => own === account && value === amount),
      )
      const { leaves, proof, proofFlags } = tree.getMultiProof(wanted)
      const ordered = leaves.map((leaf) => amounts.find(([own, value]) => leafOf(id, own, value) === leaf)!)
      return {
        accounts: ordered.map(([account]) => account),
        amounts: ordered.map(([, amount]) => amount),
        proof: proof as Hex[],
        proofFlags,
      }
    },
  }
}

/** What is known of every batch a test made, by its commitment. */
const known = new Map<Hex, { hash: Hex; root: Hex }>()

export const noCommitment: Hex = `0x${'00'.repeat(24)}`

/** The one word a proposal stores; computed here, not asked from the contract. */
export function commitmentOf(hash: Hex, payoutsRoot: Hex): Hex {
  return sliceHex(
    keccak256(encodeAbiParameters([{ type: 'bytes32' }, { type: 'bytes32' }], [hash, payoutsRoot])),
    0,
    24,
  )
}

/** The header that continues the campaign's last final batch, but for what a test changes. */
export async function nextBatch(
  world: World,
  { id }: Campaign,
  amounts: readonly (readonly [Address, bigint])[],
  changes: Partial<BatchHeader> = {},
): Promise<Batch> {
  const { lastFinal, finalCount } = await world.campaigns.read.campaigns([id])
  const payouts = payoutsOf(id, amounts)
  const last = known.get(lastFinal) ?? { hash: zeroHash, root: zeroRoot }
  const header: BatchHeader = {
    campaignId: id,
    previous: last.hash,
    index: finalCount,
    cutAt: BigInt(await time.latest()),
    bundle: keccak256('0x02'),
    recordsRoot: keccak256('0x03'),
    resultsRoot: keccak256('0x04'),
    payoutsRoot: payouts.root,
    payoutsTotal: payouts.total,
    state: keccak256('0x05'),
    closing: false,
    ...changes,
  }
  const hash = headerHashOf(header)
  known.set(commitmentOf(hash, header.payoutsRoot), { hash, root: header.payoutsRoot })
  const named = { campaignId: header.campaignId, index: header.index, batch: hash, root: header.payoutsRoot }
  return { header, hash, payouts, named, previousRoot: last.root }
}

export async function proposeBatch(
  world: World,
  campaign: Campaign,
  amounts: readonly (readonly [Address, bigint])[],
  changes: Partial<BatchHeader> = {},
): Promise<Batch> {
  const batch = await nextBatch(world, campaign, amounts, changes)
  await world.campaigns.write.propose([campaign.terms, batch.header, batch.previousRoot], as('operator'))
  return batch
}

/** Proposes a batch, waits out its window and makes it final. */
export async function settleBatch(
  world: World,
  campaign: Campaign,
  amounts: readonly (readonly [Address, bigint])[],
  changes: Partial<BatchHeader> = {},
): Promise<Batch> {
  const batch = await proposeBatch(world, campaign, amounts, changes)
  await time.increase(campaign.terms.challengeWindow)
  await world.campaigns.write.finalize([campaign.terms, batch.header])
  return batch
}

/** Closes the campaign with a last batch. */
export async function closeCampaign(
  world: World,
  campaign: Campaign,
  amounts: readonly (readonly [Address, bigint])[],
): Promise<Batch> {
  await world.campaigns.write.close([campaign.terms], as('requester'))
  return settleBatch(world, campaign, amounts, { closing: true })
}

type Token = World['testUsd'] | World['evil']

/** An ERC-2612 permit of `owner` for `spender`. */
export async function permitOf(
  token: World['testUsd'] | World['tagToken'],
  owner: Wallet,
  spender: Address,
  value = fortune,
) {
  const deadline = BigInt(await time.latest()) + 3_600n
  const signature = await owner.signTypedData({
    domain: {
      name: token.abi === tagTokenAbi ? 'Tagger' : 'Test USD',
      version: '1',
      chainId: 31_337,
      verifyingContract: token.address,
    },
    types: {
      Permit: [
        { name: 'owner', type: 'address' },
        { name: 'spender', type: 'address' },
        { name: 'value', type: 'uint256' },
        { name: 'nonce', type: 'uint256' },
        { name: 'deadline', type: 'uint256' },
      ],
    },
    primaryType: 'Permit',
    message: {
      owner: owner.account.address,
      spender,
      value,
      nonce: await token.read.nonces([owner.account.address]),
      deadline,
    },
  })
  return {
    value,
    deadline,
    v: Number.parseInt(signature.slice(130), 16),
    r: signature.slice(0, 66) as Hex,
    s: `0x${signature.slice(66, 130)}` as Hex,
  }
}

export const balanceOf = (token: Token, account: Address): Promise<bigint> =>
  (token as World['evil']).read.balanceOf([account])

export const latestBlock = () => chain.getBlock()
