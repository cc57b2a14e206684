import { stakingAbi } from '@tagger/contracts/abi'
import type { Address } from '@tagger/protocol'
import type { TransactionReceipt } from 'viem'
import { allow } from '../chain/permit.ts'
import type { Link } from '../connection.ts'
import { CHECKPOINT_GAS, contractWriter } from './write.ts'

/** What an account has at stake; amounts in TAG's smallest unit. */
export interface StakeState {
  /** Votes in the governor, with what is bonded or validating. */
  staked: bigint
  cooling: bigint
  /** Behind campaigns this account runs. */
  bonded: bigint
  /** Weighs in disputes. */
  validating: bigint
  /** The part of `validating` at risk in disputes voted on. */
  engaged: bigint
  /** Seconds since epoch; 0 when nothing cools. */
  coolingUntil: number
  /** Could be taken out or locked now. */
  free: bigint
  /** Credited by slashes, not collected yet. */
  credit: bigint
}

/** TAG at stake. */
export interface Stake {
  read(account?: Address): Promise<StakeState>
  add(amount: bigint): Promise<TransactionReceipt>
  /** Starts the wait, again for all that is cooling already. */
  startCooling(amount: bigint): Promise<TransactionReceipt>
  /** Pays out what has cooled. */
  withdraw(): Promise<TransactionReceipt>
  startValidating(amount: bigint): Promise<TransactionReceipt>
  stopValidating(amount: bigint): Promise<TransactionReceipt>
  collect(account?: Address): Promise<TransactionReceipt>
}

/** The stake of a client. */
export function createStake(link: Link): Stake {
  const self = () => link.requireWallet().account

  const write = contractWriter(link, 'staking', stakingAbi, CHECKPOINT_GAS)
  return {
    async read(account = self()) {
      const { client, network } = await link.chain()
      const read = { address: network.contracts.staking, abi: stakingAbi, args: [account] } as const
      const [stake, free, credit] = await Promise.all([
        client.readContract({ ...read, functionName: 'stakes' }),
        client.readContract({ ...read, functionName: 'freeStake' }),
        client.readContract({ ...read, functionName: 'credits' }),
      ])
      return { ...stake, coolingUntil: Number(stake.coolingUntil), free, credit }
    },
    async add(amount) {
      const chain = await link.chain()
      const { staking: spender, tagToken: token } = chain.network.contracts
      const permit = await allow({ chain, wallet: link.requireWallet(), token, spender, value: amount })
      return await write('Staking', 'stake', [amount, permit])
    },
    startCooling: (amount) => write('Taking out stake', 'startCooling', [amount]),
    withdraw: () => write('Withdrawing stake', 'withdraw', []),
    startValidating: (amount) => write('Locking stake to validate', 'startValidating', [amount]),
    stopValidating: (amount) => write('Releasing validator stake', 'stopValidating', [amount]),
    collect: async (account = self()) => write('Collecting', 'collect', [account]),
  }
}
