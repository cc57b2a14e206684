import type { Node } from './node.ts'

const LONGEST_PAUSE_SECONDS = 30

/**
 * Does `work` again and again until stopped, pausing in between; a failure is told once, then pauses grow until it
 * works again.
 */
export function repeat(
  node: Pick<Node, 'log'>,
  { what, seconds }: { what: string; seconds: number },
  work: () => Promise<void>,
): { stop(): Promise<void> } {
  const abort = new AbortController()
  const done = (async () => {
    let failures = 0
    while (!abort.signal.aborted) {
      try {
        await work()
        if (failures > 0) node.log.info(`${what} works again`)
        failures = 0
      } catch (error) {
        if (failures === 0 && !abort.signal.aborted) {
          node.log.warn(`${what} has a problem and keeps trying`, { reason: (error as Error).message })
        }
        failures++
      }
      await pause(Math.min(LONGEST_PAUSE_SECONDS, seconds * 2 ** Math.min(failures, 10)), abort.signal)
    }
  })()
  return {
    stop() {
      abort.abort()
      return done
    },
  }
}

function pause(seconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve()
    const timer = setTimeout(finish, seconds * 1000)
    signal.addEventListener('abort', finish, { once: true })
    function finish() {
      clearTimeout(timer)
      signal.removeEventListener('abort', finish)
      resolve()
    }
  })
}
