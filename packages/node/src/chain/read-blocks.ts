import type { Hex } from '@tagger/protocol'
import type { Block, PublicClient } from 'viem'
import type { Contracts } from '../node.ts'
import { type ChainEvent, readEvent } from './event.ts'
import type { BlockRow } from './events-table.ts'

/** Thrown when the chain changed while a range was read: reading it again will do. */
export class ChainMoved extends Error {}

/**
 * Reads the events of a range of blocks, with the blocks that hold them and the last one. All answers have to belong
 * to one branch, else `ChainMoved`.
 */
export async function readBlocks(
  client: PublicClient,
  contracts: Contracts,
  range: { from: number; to: number },
): Promise<{ blocks: BlockRow[]; events: ChainEvent[] }> {
  const last = await readBlock(client, range.to)
  const logs = await client.getLogs({
    address: Object.values(contracts).filter((address) => address !== null),
    fromBlock: BigInt(range.from),
    toBlock: BigInt(range.to),
  })
  const blocks = new Map([[last.number, last]])
  for (const log of logs) {
    const number = Number(log.blockNumber)
    const block = blocks.get(number) ?? (await readBlock(client, number))
    if (block.hash !== log.blockHash) throw new ChainMoved()
    blocks.set(number, block)
  }
  if ((await readBlock(client, range.to)).hash !== last.hash) throw new ChainMoved()
  const events = logs.flatMap(
    (log) => readEvent(log, blocks.get(Number(log.blockNumber))!.time, contracts) ?? [],
  )
  return { blocks: [...blocks.values()].sort((a, b) => a.number - b.number), events }
}

/** A block by number; throws `ChainMoved` when the chain has become shorter than that. */
export async function readBlock(client: PublicClient, number: number): Promise<BlockRow> {
  const block = await findBlock(client, number)
  if (block === null) throw new ChainMoved()
  return block
}

/** A block by number, null when the chain has none there. */
export async function findBlock(client: PublicClient, number: number): Promise<BlockRow | null> {
  try {
    return rowOf(await client.getBlock({ blockNumber: BigInt(number) }))
  } catch (error) {
    if ((error as Error).name === 'BlockNotFoundError') return null
    throw error
  }
}

/** The newest block. */
export async function latestBlock(client: PublicClient): Promise<BlockRow> {
  return rowOf(await client.getBlock({ blockTag: 'latest' }))
}

function rowOf(block: Block<bigint, false, 'latest'> | Block<bigint, false>): BlockRow {
  return {
    number: Number(block.number),
    hash: block.hash as Hex,
    parent: block.parentHash,
    time: Number(block.timestamp),
  }
}
