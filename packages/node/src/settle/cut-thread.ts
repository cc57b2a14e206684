import { Worker } from 'node:worker_threads'
import { type ErrorCode, TaggerError } from '@tagger/protocol'
import type { CutJob, CutOutcome, CutRefusal } from './cut-job.ts'

/** Cuts in a thread of its own, so that intake goes on meanwhile. `signal` stops it at once. */
export function cutInThread(job: CutJob, signal: AbortSignal): Promise<CutOutcome> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./cut-worker.ts', import.meta.url), { workerData: job })
    const stop = () => void worker.terminate()
    signal.addEventListener('abort', stop, { once: true })
    worker.once('message', (message: { outcome?: CutOutcome; refusal?: CutRefusal }) => {
      if (message.outcome) return resolve(message.outcome)
      const { code, message: text } = message.refusal!
      reject(new TaggerError(code as ErrorCode, text))
    })
    worker.once('error', reject)
    worker.once('exit', () => {
      signal.removeEventListener('abort', stop)
      reject(new TaggerError('unavailable', 'Cutting a batch was interrupted'))
    })
  })
}
