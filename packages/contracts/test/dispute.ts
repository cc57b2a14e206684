/** How tests challenge batches and vote on them. The campaigns here are whatever a test says. */
import {
  type Address,
  encodeAbiParameters,
  getContractAddress,
  type Hex,
  keccak256,
  parseAbi,
  toHex,
} from 'viem'
import { disputesAbi, disputesBytecode, stakingAbi, stakingBytecode } from '../abi/index.ts'
import { campaignIdOf, newTerms, nextBatch, noPermit } from './campaign.ts'
import { day, purse, tag } from './staking.ts'
import {
  address,
  as,
  chain,
  contractAt,
  deployContract,
  deployMock,
  newWorld,
  type people,
  time,
  type World,
} from './world.ts'

export const mockCampaignsAbi = parseAbi([
  'struct Terms { address requester; address operator; address receiptKey; address token; bytes32 specHash; uint256 basePay; uint256 floorPay; uint16 operatorFeeBps; uint16 protocolFeeBps; uint16 contributorsBps; uint64 deadline; uint64 grace; uint64 challengeWindow; uint256 nonce }',
  'struct BatchHeader { bytes32 campaignId; bytes32 previous; uint64 index; uint64 cutAt; bytes32 bundle; bytes32 recordsRoot; bytes32 resultsRoot; bytes32 payoutsRoot; uint256 payoutsTotal; bytes32 state; bool closing }',
  'function propose(Terms terms, BatchHeader header, uint128 bond)',
  'function proposals(bytes32 id) view returns (bytes32 batch, address operator, uint64 proposedAt, uint128 bond, bool isDisputed)',
])

export type Name = keyof typeof people
export const bond = tag(10_000)
export const operatorBond = tag(20_000)
export const commitTime = 2n * day
export const revealTime = day
export const outcome = { none: 0, open: 1, upheld: 2, void: 3, undecided: 4 } as const

/** Validators and what they have locked: Ana 40 000, Ben 30 000, Cleo 30 000, the operator and Eve 50 000. */
const validators = { ana: 40_000, ben: 30_000, cleo: 30_000, operator: 50_000, eve: 50_000 } as const

export async function newDisputes() {
  const world = await newWorld()
  const from = address.owner
  const nonce = BigInt(await chain.getTransactionCount({ address: from }))
  const [campaignsAt, disputesAt] = [nonce + 1n, nonce + 2n].map((place) =>
    getContractAddress({ from, nonce: place }),
  ) as [Address, Address]
  const staking = await deployContract(stakingAbi, stakingBytecode, [
    world.tagToken.address,
    world.parameters.address,
    campaignsAt,
    disputesAt,
  ])
  const mock = await deployMock('MockCampaigns', mockCampaignsAbi, [staking.address, disputesAt])
  const deployed = await deployContract(disputesAbi, disputesBytecode, [mock.address, staking.address])
  const disputes = contractAt(disputesAbi, deployed.address)
  for (const [name, stake] of Object.entries(validators)) {
    const who = name as Name
    await world.tagToken.write.transfer([address[who], purse])
    await world.tagToken.write.approve([staking.address, purse], as(who))
    await staking.write.stake([tag(100_000), noPermit], as(who))
    await staking.write.startValidating([tag(stake)], as(who))
  }
  for (const name of ['eve', 'requester', 'ana'] as const) {
    await world.tagToken.write.transfer([address[name], bond])
    await world.tagToken.write.approve([disputes.address, purse], as(name))
  }
  const terms = await newTerms(world)
  const id = campaignIdOf({ ...world, campaigns: mock } as unknown as World, terms)
  const { header, hash } = await nextBatch(world, { id, terms }, [])
  return { world, staking, campaigns: mock, disputes, terms, header, campaignId: id, batch: hash }
}

export type Court = Awaited<ReturnType<typeof newDisputes>>

/** The operator proposes a batch. */
export const propose = ({ campaigns, terms, header }: Court) =>
  campaigns.write.propose([terms, header, operatorBond])

/** Computed here, not asked from the contract, so that tests check the contract's own computation. */
export async function disputeIdOf({ campaigns, disputes, campaignId, batch }: Court): Promise<Hex> {
  const [, , proposedAt] = await campaigns.read.proposals([campaignId])
  const types = ['uint256', 'address', 'bytes32', 'bytes32', 'uint64'].map((type) => ({ type }))
  return keccak256(encodeAbiParameters(types, [31_337n, disputes.address, campaignId, batch, proposedAt]))
}

/** The operator proposes, Eve challenges. */
export async function challenge(court: Court, by: Name = 'eve'): Promise<Hex> {
  await propose(court)
  const id = await disputeIdOf(court)
  await court.disputes.write.challenge([court.terms, court.header, 'item 3', noPermit], as(by))
  return id
}

const saltOf = (name: Name) => keccak256(toHex(name))

export function commitmentOf(id: Hex, name: Name, isValid: boolean, salt = saltOf(name)): Hex {
  const types = ['bytes32', 'address', 'bool', 'bytes32'].map((type) => ({ type }))
  return keccak256(encodeAbiParameters(types, [id, address[name], isValid, salt]))
}

/** All that voting takes. */
type Bench = Pick<Court, 'disputes'>

export const commit = ({ disputes }: Bench, id: Hex, name: Name, isValid: boolean) =>
  disputes.write.commitVote([id, commitmentOf(id, name, isValid)], as(name))

export const reveal = ({ disputes }: Bench, id: Hex, name: Name, isValid: boolean) =>
  disputes.write.revealVote([id, isValid, saltOf(name)], as(name))

/** Moves the clock to when votes may be revealed. */
export async function endCommit({ disputes }: Bench, id: Hex): Promise<void> {
  const { commitEnds } = await disputes.read.disputes([id])
  await time.setNextBlockTimestamp(commitEnds)
}

/** Moves the clock to when votes may be counted. */
export async function endReveal({ disputes }: Bench, id: Hex): Promise<void> {
  const { revealEnds } = await disputes.read.disputes([id])
  await time.setNextBlockTimestamp(revealEnds)
}

/** Who votes how; null commits and never reveals. */
type Votes = Partial<Record<Name, boolean | null>>
const each = (votes: Votes) => Object.entries(votes) as [Name, boolean | null][]

/** One round, from the first commitment to the count. */
export async function vote(bench: Bench, id: Hex, votes: Votes): Promise<Hex> {
  for (const [name, isValid] of each(votes)) await commit(bench, id, name, isValid ?? true)
  return revealAll(bench, id, votes)
}

/** The rest of a round in which these have committed. */
export async function revealAll(bench: Bench, id: Hex, votes: Votes): Promise<Hex> {
  await endCommit(bench, id)
  for (const [name, isValid] of each(votes)) if (isValid !== null) await reveal(bench, id, name, isValid)
  await endReveal(bench, id)
  return bench.disputes.write.resolve([id], as('cleo'))
}

/** What an account holds, has staked and is owed, together. */
export async function wealth(
  { world, staking, disputes }: Court,
  name: keyof typeof address,
): Promise<bigint> {
  const who = [address[name]] as const
  const { staked } = await staking.read.stakes(who)
  const held = await world.tagToken.read.balanceOf(who)
  return held + staked + (await staking.read.credits(who)) + (await disputes.read.credits(who))
}
