import { disputesAbi, stakingAbi } from '@tagger/contracts/abi'
import type { Address } from '@tagger/protocol'
import type { Chain } from '../chain/chain.ts'

/** What a validator's vote weighs in a dispute about a batch proposed then (seconds since epoch), in TAG's smallest unit. */
export async function readVoteWeight(chain: Chain, account: Address, proposedAt: number): Promise<bigint> {
  const { client, network } = chain
  return await client.readContract({
    address: network.contracts.staking,
    abi: stakingAbi,
    functionName: 'getPastValidatorStake',
    args: [account, BigInt(proposedAt - 1)],
  })
}

/** What bonds of disputes have credited to an account and it has not collected. */
export async function readDisputeCredit({ client, network }: Chain, account: Address): Promise<bigint> {
  return await client.readContract({
    address: network.contracts.disputes,
    abi: disputesAbi,
    functionName: 'credits',
    args: [account],
  })
}
