import { Worker } from 'node:worker_threads'
import { type ErrorCode, TaggerError } from '@tagger/protocol'
import type { CutJob, CutOutcome, CutRefusal } from './cut-job.ts'

const IDLE_MILLISECONDS = 30_000

/** Cuts in a thread of its own, so that intake goes on meanwhile; one job at a time. The thread ends when idle. */
export function createCutThread(signal: AbortSignal): (job: CutJob) => Promise<CutOutcome> {
  let thread: Worker | null = null
  let idle: NodeJS.Timeout | undefined
  const end = () => {
    void thread?.terminate()
    thread = null
  }
  const start = () => {
    const worker = new Worker(new URL('./cut-worker.ts', import.meta.url))
    worker.once('exit', () => {
      if (thread === worker) thread = null
    })
    thread = worker
    return worker
  }
  signal.addEventListener('abort', end, { once: true })

  return (job) => {
    clearTimeout(idle)
    const worker = thread ?? start()
    worker.ref()
    return new Promise<CutOutcome>((resolve, reject) => {
      const fail = (error: Error) => settle(() => reject(error))
      const stopped = () => fail(new TaggerError('unavailable', 'Cutting a batch was interrupted'))
      const answered = ({ outcome, refusal }: { outcome?: CutOutcome; refusal?: CutRefusal }) =>
        settle(() =>
          outcome ? resolve(outcome) : reject(new TaggerError(refusal!.code as ErrorCode, refusal!.message)),
        )
      const settle = (finish: () => void) => {
        worker.off('message', answered).off('error', fail).off('exit', stopped)
        finish()
        worker.unref()
        idle = setTimeout(end, IDLE_MILLISECONDS).unref()
      }
      worker.on('message', answered).on('error', fail).on('exit', stopped)
      worker.postMessage(job)
    })
  }
}
