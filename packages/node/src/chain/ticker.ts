import type { PublicClient } from 'viem'
import type { Node } from '../node.ts'
import { repeat } from '../repeat.ts'

type LocalRequest = (request: { method: string; params?: unknown[] }) => Promise<unknown>

/** Mines a block of the local chain whenever a transaction waits: its height grows only with use. */
export function startTicker(node: Pick<Node, 'log'>, client: PublicClient): { stop(): Promise<void> } {
  const request = client.request as LocalRequest
  return repeat(node, { what: 'The local chain', seconds: 0.1 }, async () => {
    const status = (await request({ method: 'txpool_status' })) as { pending: string }
    if (Number(status.pending) > 0) await request({ method: 'evm_mine' })
  })
}
