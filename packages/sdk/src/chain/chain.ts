import { errorsAbi } from '@tagger/contracts/abi'
import { type Address, type Deployment, TaggerError } from '@tagger/protocol'
import {
  type Abi,
  type ContractFunctionArgs,
  type ContractFunctionName,
  encodeFunctionData,
  erc20Abi,
  type Hash,
  type PublicClient,
  type TransactionReceipt,
} from 'viem'
import type { Wallet } from '../identity/wallet.ts'
import { type ChainNetwork, deploymentOf } from '../network.ts'
import { createClients } from './clients.ts'
import { explainChainError, isRevert } from './revert.ts'

type Writes = 'nonpayable' | 'payable'

/** One call of a contract that changes something. */
export interface Write<abi extends Abi, name extends ContractFunctionName<abi, Writes>> {
  /** For messages: "Opening the campaign". */
  what: string
  address: Address
  abi: abi
  functionName: name
  args: ContractFunctionArgs<abi, Writes, name>
  /** Added to the estimate, for calls that may cost more a second later. */
  moreGas?: bigint
  onSent?: (hash: Hash) => void
}

/** The chain as a user's program reaches it. */
export interface Chain {
  network: ChainNetwork
  deployment: Deployment
  client: PublicClient
  /** Tries the call first, sends it, waits until it is mined; a refusal is one sentence with the reason. */
  write<const abi extends Abi, name extends ContractFunctionName<abi, Writes>>(
    call: Write<abi, name>,
  ): Promise<TransactionReceipt>
  balanceOf(token: Address, account: Address): Promise<bigint>
}

/** Makes the chain side of a client; without a wallet it only reads. */
export function createChain(options: {
  network: ChainNetwork
  wallet: Wallet | null
  rpcUrl?: string
}): Chain {
  const { network, wallet } = options
  const { reader, writer } = createClients(options)

  // Two sends at once would ask for the same nonce.
  let lastTurn: Promise<unknown> = Promise.resolve()
  const inTurn = <T>(send: () => Promise<T>): Promise<T> => {
    const turn = lastTurn.then(send, send)
    lastTurn = turn
    return turn
  }

  const send = async (call: {
    what: string
    address: Address
    abi: Abi
    functionName: string
    args: readonly unknown[]
    moreGas?: bigint
    onSent?: (hash: Hash) => void
  }): Promise<TransactionReceipt> => {
    if (wallet === null || writer?.account === undefined) {
      throw new TaggerError('unauthorized', `${call.what} needs a wallet`)
    }
    const abi = [...call.abi, ...errorsAbi] as Abi
    const { address, functionName, args } = call
    // A local chain mines when there is something to mine: the time of its last block may be long ago.
    const at = network.isLocal ? ({ blockTag: 'pending' } as const) : {}
    const attempt = { account: wallet.account, address, abi, functionName, args, ...at }
    try {
      await reader.simulateContract(attempt)
      const data = encodeFunctionData({ abi, functionName, args })
      const gas =
        call.moreGas === undefined
          ? {}
          : {
              gas:
                (await reader.estimateGas({ account: wallet.account, to: address, data, ...at })) +
                call.moreGas,
            }
      const transaction = {
        account: writer.account,
        chain: writer.chain ?? reader.chain,
        to: address,
        data,
        ...gas,
      }
      const hash = await inTurn(() => writer.sendTransaction(transaction as never)).catch(async (error) => {
        // The estimate was refused without saying why: the call says it.
        if (isRevert(error)) await reader.simulateContract(attempt)
        throw error
      })
      call.onSent?.(hash)
      const receipt = await reader.waitForTransactionReceipt({ hash, timeout: 180_000 })
      if (receipt.status !== 'success') {
        // Something else was mined first: now the same call says what stands in its way.
        await reader.simulateContract(attempt)
        throw new TaggerError('transaction-failed', `${call.what} was reverted`, {
          data: { transaction: hash },
        })
      }
      return receipt
    } catch (error) {
      throw explainChainError(error, call.what)
    }
  }

  return {
    network,
    deployment: deploymentOf(network),
    client: reader,
    write: (call) => send(call as never),
    async balanceOf(token, account) {
      return await reader.readContract({
        address: token,
        abi: erc20Abi,
        functionName: 'balanceOf',
        args: [account],
      })
    },
  }
}
