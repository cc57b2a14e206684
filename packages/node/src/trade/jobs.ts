import type { Node } from '../node.ts'
import { repeat } from '../repeat.ts'
import { deliverDue, releaseDue } from './deliver.ts'

/** Delivers keys of sold licenses, and has their prices released, until it is stopped. */
export function startDelivery(node: Node): { stop(): Promise<void> } {
  return repeat(node, { what: 'Delivery', seconds: node.chain.isLocal ? 0.3 : 5 }, async () => {
    await deliverDue(node)
    await releaseDue(node)
  })
}
