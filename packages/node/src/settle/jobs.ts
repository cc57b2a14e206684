import type { Node } from '../node.ts'
import { createCutter } from './cut.ts'
import { dropFailedProposals, sendDue } from './finalize.ts'
import { followBatches } from './follow.ts'

/** Settles campaigns until it is stopped: cut, propose, finalize, follow. Each step resumes from the ledger alone. */
export function startSettlement(node: Node): { stop(): Promise<void> } {
  const abort = new AbortController()
  const cutDue = createCutter(node, abort.signal)
  const steps = [followBatches, dropFailedProposals, sendDue, cutDue]
  const done = repeat(node, abort.signal, async () => {
    for (const step of steps) {
      if (abort.signal.aborted) return
      try {
        await step(node)
      } catch (error) {
        if (!abort.signal.aborted) node.log.warn('Settlement waits', { reason: (error as Error).message })
      }
    }
  })
  return {
    async stop() {
      abort.abort()
      await done
    },
  }
}

async function repeat(node: Node, signal: AbortSignal, work: () => Promise<void>): Promise<void> {
  const pause = node.chain.isLocal ? 300 : 5_000
  while (!signal.aborted) {
    await work()
    await wait(pause, signal)
  }
}

function wait(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(finish, milliseconds)
    signal.addEventListener('abort', finish, { once: true })
    function finish() {
      clearTimeout(timer)
      signal.removeEventListener('abort', finish)
      resolve()
    }
  })
}
