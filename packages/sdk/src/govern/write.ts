import type { Abi, ContractFunctionArgs, ContractFunctionName, TransactionReceipt } from 'viem'
import type { Link } from '../connection.ts'

type Writes = 'nonpayable' | 'payable'

/** Three checkpoints that an estimate in the second of another change of stake takes for written already. */
export const CHECKPOINT_GAS = 70_000n

/** Sends calls of one contract, and waits until they are mined. `moreGas` is added to each estimate. */
export function contractWriter<const abi extends Abi>(
  link: Link,
  contract: 'staking' | 'disputes' | 'tagGovernor',
  abi: abi,
  moreGas?: bigint,
) {
  return async <name extends ContractFunctionName<abi, Writes>>(
    what: string,
    functionName: name,
    args: ContractFunctionArgs<abi, Writes, name>,
  ): Promise<TransactionReceipt> => {
    const chain = await link.chain()
    const address = chain.network.contracts[contract]
    return await chain.write({ what, address, abi, functionName, args, moreGas } as never)
  }
}
