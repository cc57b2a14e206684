import type { endpoints, ReplyOf } from '@tagger/protocol/wire'
import { latestBlock } from '../chain/read-blocks.ts'
import type { Node } from '../node.ts'
import { selectPlumbing } from './queries.ts'

/** How far behind the indexer may be while all is well. */
const MAX_LAG = 200

/** Whether the node, its database and its chain are well. */
export async function describeHealth(
  node: Node,
  startedAt: Date,
): Promise<ReplyOf<(typeof endpoints)['getHealth']>> {
  const [plumbing, block] = await Promise.all([
    selectPlumbing(node.db, node.now()),
    latestBlock(node.chain.client).catch(() => null),
  ])
  const { indexedBlock, waiting, failed, alarms } = plumbing
  const isCaughtUp = block !== null && block.number - indexedBlock <= MAX_LAG
  return {
    ok: isCaughtUp && failed === 0 && alarms === 0,
    database: node.db.kind,
    chain: { reachable: block !== null, block: block?.number ?? 0, indexedBlock },
    outbox: { waiting, failed },
    uptimeSeconds: Math.max(0, Math.floor((node.now().getTime() - startedAt.getTime()) / 1000)),
  }
}
