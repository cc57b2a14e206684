import { fromChain } from '../chain/from-chain.ts'
import { sql } from '../db/sql.ts'
import type { Node } from '../node.ts'

const ATTEMPTS = 20
const PAUSE_MILLISECONDS = 150

/**
 * Compares ledger and chain until they agree or both were read at the same height: a lagging indexer is not a wrong
 * ledger. Throws `chain-unreachable`.
 */
export async function atOneHeight<T>(
  node: Node,
  compare: (node: Node) => Promise<T>,
  agrees: (comparison: T) => boolean,
): Promise<T> {
  for (let attempt = 0; ; attempt++) {
    const height = await heightOf(node)
    const comparison = await compare(node)
    if (agrees(comparison) || attempt + 1 === ATTEMPTS) return comparison
    // A block may have arrived in between; then the comparison is made anew.
    if ((await indexedHeight(node)) >= height && (await heightOf(node)) === height && attempt > 0)
      return comparison
    await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS))
  }
}

async function heightOf(node: Node): Promise<number> {
  return Number(await fromChain(() => node.chain.client.getBlockNumber({ cacheTime: 0 })))
}

async function indexedHeight({ db }: Node): Promise<number> {
  const [row] = await db.query<{ height: number | null }>(sql`select max(number) as height from chain_blocks`)
  return row?.height ?? 0
}
