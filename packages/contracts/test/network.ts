/** A network as it is after deployment: the plan carried out, the governor in charge. */
import { type Abi, type Address, encodeFunctionData, type Hex, keccak256, toHex } from 'viem'
import * as abis from '../abi/index.ts'
import { type DeployOptions, type DeployPlan, planDeployment } from '../deploy/plan.ts'
import { noPermit } from './campaign.ts'
import { measured } from './measured.ts'
import { tag } from './staking.ts'
import { address, as, chain, contractAt, newWorld, people, time } from './world.ts'

export const timelockDelay = 3_600n

export async function planFor(changes: Partial<DeployOptions> = {}): Promise<DeployPlan> {
  return planDeployment({
    deployer: address.owner,
    nonce: await chain.getTransactionCount({ address: address.owner }),
    tagReceiver: address.cleo,
    minChallengeWindow: 60n,
    timelockDelay,
    ...changes,
  })
}

/** Sends what is left of a plan, as its deployer. */
export async function carryOut(plan: DeployPlan, upTo = plan.steps.length): Promise<void> {
  const done = await chain.getTransactionCount({ address: address.owner })
  for (const { nonce, deploys, address: to, data } of plan.steps.slice(0, upTo)) {
    if (nonce < done) continue
    const sent = deploys === null ? { to, data } : { to: null, data: await measured(data) }
    await people.owner.sendTransaction({ ...sent, nonce } as never)
  }
}

export async function newNetwork(changes: Partial<DeployOptions> = {}) {
  await newWorld()
  const plan = await planFor(changes)
  await carryOut(plan)
  return networkAt(plan.contracts)
}

export function networkAt(contracts: DeployPlan['contracts']) {
  return {
    contracts,
    tagToken: contractAt(abis.tagTokenAbi, contracts.tagToken),
    parameters: contractAt(abis.parametersAbi, contracts.parameters),
    staking: contractAt(abis.stakingAbi, contracts.staking),
    campaigns: contractAt(abis.campaignsAbi, contracts.campaigns),
    disputes: contractAt(abis.disputesAbi, contracts.disputes),
    passports: contractAt(abis.passportsAbi, contracts.passports),
    licenses: contractAt(abis.licensesAbi, contracts.licenses),
    timelock: contractAt(abis.timelockAbi, contracts.timelock),
    governor: contractAt(abis.tagGovernorAbi, contracts.tagGovernor),
  }
}

export type Network = Awaited<ReturnType<typeof newNetwork>>
type Name = keyof typeof people

/** Gives TAG to a person, who stakes all of it. A quorum takes 16.3 billion. */
export async function giveStake({ tagToken, staking }: Network, name: Name, amount: bigint): Promise<void> {
  await tagToken.write.transfer([address[name], amount], as('cleo'))
  await tagToken.write.approve([staking.address, amount], as(name))
  await staking.write.stake([amount, noPermit], as(name))
}

export const enough = tag(20_000_000_000)

export type Proposal = readonly [targets: Address[], values: bigint[], calldatas: Hex[], description: string]

/** One call of a contract, as a proposal. */
export function proposalTo<const abi extends Abi>(
  target: { address: Address; abi: abi },
  functionName: string,
  args: readonly unknown[],
): Proposal {
  const data = encodeFunctionData({ abi: target.abi as Abi, functionName, args })
  return [[target.address], [0n], [data], `${functionName} ${args.join()}`]
}

/** The same with the description's hash, which is how proposals are named afterwards. */
export const named = ([targets, values, calldatas, description]: Proposal) =>
  [targets, values, calldatas, keccak256(toHex(description))] as const

/** Proposes as somebody, and lets the delay pass. */
export async function propose(
  { governor, parameters }: Network,
  proposal: Proposal,
  by: Name,
): Promise<bigint> {
  await governor.write.propose(proposal, as(by))
  await time.increase((await parameters.read.votingDelay()) + 1n)
  return governor.read.getProposalId(named(proposal))
}

/** Brings a proposal from the first vote to its execution. */
export async function decide(network: Network, proposal: Proposal, by: Name): Promise<Hex> {
  const { governor, parameters } = network
  const id = await propose(network, proposal, by)
  await governor.write.castVote([id, 1], as(by))
  await time.increase((await parameters.read.votingPeriod()) + 1n)
  await governor.write.queue(named(proposal), as('eve'))
  await time.increase((await network.timelock.read.getMinDelay()) + 1n)
  return governor.write.execute(named(proposal), as('eve'))
}
