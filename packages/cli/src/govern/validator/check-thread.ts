import { Worker } from 'node:worker_threads'
import { TaggerError } from '@tagger/protocol'
import type { Checked, CheckJob } from './check.ts'

/** Downloads and verifies in a thread of its own, one batch at a time: nothing a bundle holds stops the program. */
export interface CheckThread {
  /** `unchecked` after `seconds`, or when the thread runs out of memory. Rejects when this machine fails. */
  check(job: CheckJob, seconds: number): Promise<Checked>
  end(): void
}

/** What the thread answers. */
export interface CheckAnswer {
  checked?: Checked
  /** What failed here, and not in the evidence. */
  failure?: string
}

/** The thread is started now, as loading takes a second, and anew after one that had to be ended. */
export function createCheckThread(): CheckThread {
  let answer: (answer: CheckAnswer) => void = () => undefined
  let worker: Worker | null = start()

  function start(): Worker {
    const made = new Worker(new URL('./check-worker.ts', import.meta.url))
    const fail = (reason: string) => {
      if (worker !== made) return
      worker = null
      answer({ checked: { kind: 'unchecked', reason } })
    }
    made.on('message', (said: CheckAnswer) => {
      if (worker === made) answer(said)
    })
    made.on('error', (error) => fail(`\`verify\` came to no end: ${(error as Error).message}`))
    made.on('exit', () => fail('`verify` was interrupted'))
    return made
  }

  const end = () => {
    void worker?.terminate()
    worker = null
  }
  return {
    end,
    async check(job, seconds) {
      worker ??= start()
      const { promise, resolve } = Promise.withResolvers<CheckAnswer>()
      answer = resolve
      const timer = setTimeout(() => {
        end()
        worker = start()
        resolve({ checked: { kind: 'unchecked', reason: `Not checked within ${Math.round(seconds)} s` } })
      }, seconds * 1_000)
      worker.postMessage(job)
      const { checked, failure } = await promise
      clearTimeout(timer)
      if (checked === undefined) throw new TaggerError('internal', failure!)
      return checked
    },
  }
}
