import { tagTokenAbi, testUsdAbi } from '@tagger/contracts/abi'
import { type Address, type Hex, TaggerError } from '@tagger/protocol'
import { encodeFunctionData, parseEther, parseUnits } from 'viem'
import type { Contracts } from '../node.ts'
import type { Chain } from './chain.ts'
import type { Send } from './local-accounts.ts'

const WEI = parseEther('10')
const TAG = parseEther('1000')
const TEST_USD = parseUnits('10000', 6)
/** More than any of the three takes. */
const GAS = 150_000n

/** Gives gas, TAG and test dollars of the local network. */
export function createFaucet(send: Send, contracts: Contracts): NonNullable<Chain['faucet']> {
  return async (account: Address) => {
    const receipts = await Promise.all([
      send({ to: account, value: WEI, gas: GAS }),
      send({
        to: contracts.tagToken,
        data: encodeFunctionData({ abi: tagTokenAbi, functionName: 'transfer', args: [account, TAG] }),
        gas: GAS,
      }),
      send({
        to: contracts.testUsd!,
        data: encodeFunctionData({ abi: testUsdAbi, functionName: 'mint', args: [account, TEST_USD] }),
        gas: GAS,
      }),
    ])
    if (receipts.some((receipt) => receipt.status !== 'success')) {
      throw new TaggerError('transaction-failed', 'The faucet could not give')
    }
    const transactions: Hex[] = receipts.map((receipt) => receipt.transactionHash)
    return { wei: WEI, tag: TAG, testUsd: TEST_USD, transactions }
  }
}
