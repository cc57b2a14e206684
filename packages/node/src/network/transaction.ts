import { type Address, type Hex, TaggerError } from '@tagger/protocol'
import type { endpoints, ReplyOf } from '@tagger/protocol/wire'
import {
  type Abi,
  type AbiParameter,
  decodeEventLog,
  decodeFunctionData,
  type TransactionReceipt,
} from 'viem'
import { abis, contractAt, contractTitles } from '../chain/contracts.ts'
import type { Node } from '../node.ts'

type TransactionReply = ReplyOf<(typeof endpoints)['getTransaction']>
type Decoded = TransactionReply['events'][number]['arguments']

/** Any transaction of the chain, in words. */
export async function describeTransaction(node: Node, hash: Hex): Promise<TransactionReply> {
  const { client, contracts } = node.chain
  const [transaction, receipt] = await Promise.all([
    orNull(client.getTransaction({ hash }), 'TransactionNotFoundError'),
    orNull(client.getTransactionReceipt({ hash }), 'TransactionReceiptNotFoundError'),
  ])
  if (transaction === null) {
    throw new TaggerError('not-found', 'This chain has no such transaction', {
      hints: ['It may not have been sent yet, or it belongs to another chain.'],
    })
  }
  const block =
    receipt && (await orNull(client.getBlock({ blockNumber: receipt.blockNumber }), 'BlockNotFoundError'))
  const to = transaction.to?.toLowerCase() as Address | undefined
  const contract = to ? contractAt(contracts, to) : null
  return {
    hash: transaction.hash,
    status: receipt?.status ?? 'pending',
    block: receipt ? Number(receipt.blockNumber) : null,
    time: block ? new Date(Number(block.timestamp) * 1000).toISOString() : null,
    from: transaction.from.toLowerCase(),
    to: to ?? null,
    contract: contract && contractTitles[contract],
    call: contract && decodeCall(abis[contract], transaction.input),
    events: receipt ? decodeEvents(node, receipt) : [],
    gasUsed: receipt ? receipt.gasUsed.toString() : null,
  }
}

/** A call's function and arguments, null where the ABI does not know it. */
export function decodeCall(abi: Abi, data: Hex): TransactionReply['call'] {
  try {
    const { functionName, args } = decodeFunctionData({ abi, data })
    const entry = abi.find(
      (item) =>
        item.type === 'function' && item.name === functionName && item.inputs.length === (args?.length ?? 0),
    )
    const inputs = (entry as { inputs: readonly AbiParameter[] }).inputs
    return { name: functionName, arguments: inputs.map((input, index) => word(input, args![index])) }
  } catch {
    return null
  }
}

function decodeEvents(node: Node, receipt: TransactionReceipt): TransactionReply['events'] {
  return receipt.logs.flatMap((log) => {
    const contract = contractAt(node.chain.contracts, log.address)
    if (contract === null) return []
    try {
      const abi = abis[contract]
      const { eventName, args } = decodeEventLog({ abi, data: log.data, topics: log.topics })
      const entry = abi.find((item) => item.type === 'event' && item.name === eventName)
      const inputs = (entry as { inputs: readonly AbiParameter[] }).inputs
      const values = (args ?? {}) as Record<string, unknown>
      const words: Decoded = inputs.map((input) => word(input, values[input.name!]))
      const address = log.address.toLowerCase()
      return [{ contract: contractTitles[contract], address, name: String(eventName), arguments: words }]
    } catch {
      return []
    }
  })
}

function word(input: AbiParameter, value: unknown): Decoded[number] {
  return { name: input.name ?? '', type: input.type, value: textOf(value) }
}

function textOf(value: unknown): string {
  if (typeof value === 'string') return value.startsWith('0x') ? value.toLowerCase() : value
  if (typeof value !== 'object' || value === null) return String(value)
  return JSON.stringify(value, (_, entry) => (typeof entry === 'bigint' ? entry.toString() : entry))
}

async function orNull<T>(answer: Promise<T>, notFound: string): Promise<T | null> {
  try {
    return await answer
  } catch (error) {
    if ((error as Error).name === notFound) return null
    throw new TaggerError('chain-unreachable', 'The chain does not answer', { cause: error })
  }
}
