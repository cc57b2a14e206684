import type { Node } from '../node.ts'
import { repeat } from '../repeat.ts'
import { answerContests } from './answer.ts'
import { createCutter } from './cut.ts'
import { sendDue } from './finalize.ts'
import { followBatches } from './follow.ts'
import { dropFailedProposals, retryFailedCalls } from './recover.ts'

/** Settles campaigns until it is stopped: follow, answer, cut, propose, finalize. Each step resumes from the ledger alone. */
export function startSettlement(node: Node): { stop(): Promise<void> } {
  const abort = new AbortController()
  const cutDue = createCutter(node, abort.signal)
  const loop = repeat(node, { what: 'Settlement', seconds: node.chain.isLocal ? 0.3 : 5 }, async () => {
    const steps = [followBatches, answerContests, sendDue, cutDue, retryFailedCalls, dropFailedProposals]
    for (const step of steps) {
      if (!abort.signal.aborted) await step(node)
    }
  })
  return {
    stop() {
      abort.abort()
      return loop.stop()
    },
  }
}
