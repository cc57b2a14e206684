/** How tests stake. Two people stand in for the contracts that lock, so that every amount can be tried. */
import { parseEther } from 'viem'
import { stakingAbi, stakingBytecode } from '../abi/index.ts'
import { noPermit } from './campaign.ts'
import { address, as, deployContract, newWorld, time, type World } from './world.ts'

export const tag = (amount: number) => parseEther(String(amount))
/** What everybody starts with. */
export const purse = tag(1_000_000)
export const day = 86_400n
export const cooldown = 21n * day

/** Who acts as `Campaigns` and as `Disputes` in these tests. */
export const campaigns = as('receiptKey')
export const disputes = as('owner')

export type Staking = Awaited<ReturnType<typeof newStaking>>['staking']

export async function newStaking() {
  const world = await newWorld()
  const staking = await deployContract(stakingAbi, stakingBytecode, [
    world.tagToken.address,
    world.parameters.address,
    campaigns.account,
    disputes.account,
  ])
  for (const name of ['ana', 'ben', 'cleo', 'eve'] as const) {
    await world.tagToken.write.transfer([address[name], purse])
    await world.tagToken.write.approve([staking.address, purse], as(name))
  }
  return { world, staking }
}

export const stakeOf = (staking: Staking, name: keyof typeof address) => staking.read.stakes([address[name]])

export const stake = (staking: Staking, name: keyof typeof address, amount: bigint) =>
  staking.write.stake([amount, noPermit], as(name))

/** Takes out all that is cooling of an account, when it may. */
export async function coolDown(staking: Staking, name: keyof typeof address): Promise<void> {
  await time.increase(cooldown)
  await staking.write.withdraw(as(name))
}

/** Everything `Staking` owes: the balance must never be less. */
export async function owed(staking: Staking, world: World): Promise<bigint> {
  let sum = await staking.read.credits([address.treasury])
  for (const name of ['ana', 'ben', 'cleo', 'eve'] as const) {
    const { staked, cooling } = await stakeOf(staking, name)
    sum += staked + cooling + (await staking.read.credits([address[name]]))
  }
  return sum + (await staking.read.credits([world.campaigns.address]))
}
