import { sql } from '../db/sql.ts'
import type { Node } from '../node.ts'
import { repeat } from '../repeat.ts'
import { announceEvents } from './announce.ts'
import { applyBlocks, rewindBlocks } from './apply.ts'
import { foldEarlier } from './apply-govern.ts'
import { lastBlocks } from './events-table.ts'
import { ChainMoved, findBlock, latestBlock, readBlocks } from './read-blocks.ts'

const RANGE = 2_000
const KEPT_EMPTY_BLOCKS = 5_000

/** Follows the chain: the tables are a fold of its events, rewound to the fork when the chain is reorganized. */
export interface Indexer {
  /** Catches up with the newest block; several callers share one run. */
  sync(): Promise<void>
  stop(): Promise<void>
}

/** Starts following the chain from the block after the last one stored. */
export function startIndexer(node: Node, options: { firstBlock?: number } = {}): Indexer {
  let running: Promise<void> | null = null
  let again = false
  let isFolded = false
  const sync = async (): Promise<void> => {
    if (running) {
      // The run under way may have looked at the newest block already.
      again = true
      return running
    }
    running = (async () => {
      if (!isFolded) await node.db.transaction(foldEarlier)
      isFolded = true
      do {
        again = false
        await catchUp(node, options.firstBlock ?? 0)
      } while (again)
    })().finally(() => {
      running = null
    })
    return running
  }
  const loop = repeat(node, { what: 'The indexer', seconds: node.chain.isLocal ? 0.2 : 2 }, sync)
  return { sync, stop: loop.stop }
}

async function catchUp(node: Node, firstBlock: number): Promise<void> {
  for (;;) {
    try {
      if (await advance(node, firstBlock)) return
    } catch (error) {
      if (!(error instanceof ChainMoved)) throw error
    }
  }
}

/** Takes one step; answers whether the newest block is reached. */
async function advance(node: Node, firstBlock: number): Promise<boolean> {
  const { client, contracts } = node.chain
  const latest = await latestBlock(client)
  const [last] = await lastBlocks(node.db, 1)
  if (last && last.hash === latest.hash) return true
  if (last && !(await isOnChain(node, last, latest))) {
    const from = await forkPoint(node)
    node.log.warn('The chain was reorganized', { from, last: last.number })
    await node.db.transaction((tx) => rewindBlocks(tx, from))
    return false
  }
  const from = last ? last.number + 1 : Math.min(firstBlock, latest.number)
  const to = Math.min(latest.number, from + RANGE - 1)
  const range = await readBlocks(client, contracts, { from, to })
  const told = await node.db.transaction(async (tx) => {
    const events = await applyBlocks(tx, range, node.log)
    await tx.query(sql`
      delete from chain_blocks b where number < ${to - KEPT_EMPTY_BLOCKS}
        and not exists (select 1 from chain_events e where e.block_number = b.number)`)
    return events
  })
  announceEvents(node, told)
  return to === latest.number
}

async function isOnChain(
  node: Node,
  last: { number: number; hash: string },
  latest: { number: number; parent: string },
): Promise<boolean> {
  if (latest.number === last.number + 1) return latest.parent === last.hash
  if (latest.number <= last.number) return false
  return (await findBlock(node.chain.client, last.number))?.hash === last.hash
}

/** The first block that is no longer what was stored: after the highest stored block the chain still has. */
async function forkPoint(node: Node): Promise<number> {
  for (let below = Number.MAX_SAFE_INTEGER; ; ) {
    const stored = await lastBlocks(node.db, 50, below)
    for (const block of stored) {
      if ((await findBlock(node.chain.client, block.number))?.hash === block.hash) return block.number + 1
    }
    const lowest = stored.at(-1)
    if (!lowest) return 0
    below = lowest.number - 1
  }
}
