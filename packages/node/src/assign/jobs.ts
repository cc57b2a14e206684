import type { Hex } from '@tagger/protocol'
import type { Node } from '../node.ts'
import { expireLeases, selectExpired } from './queries.ts'

const EVERY_MS = 5_000

/** Returns leases that ran out to the pool, in every campaign. */
export async function sweepLeases(node: Node): Promise<void> {
  const now = node.now()
  const campaigns = await node.db.query<{ id: Hex; draftId: string }>(selectExpired(now))
  for (const campaign of campaigns) await node.db.query(expireLeases(campaign, now))
}

/** Sweeps leases now and then. */
export function startLeaseSweep(node: Node): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    running = running
      .then(() => sweepLeases(node))
      .catch((error) => node.log.error('Leases could not be swept', { error }))
  }, EVERY_MS)
  timer.unref()
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}
