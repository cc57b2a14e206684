import { parentPort, Worker } from 'node:worker_threads'
import { type ErrorCode, TaggerError } from '@tagger/protocol'

const IDLE_MILLISECONDS = 30_000

/** Why a job has no outcome, as data: errors lose their class between threads. */
interface Refusal {
  code: string
  message: string
}

/** Runs one job in the thread; jobs given meanwhile wait. Rejects with the error the work threw. */
export type JobThread<Job, Outcome> = (job: Job) => Promise<Outcome>

/**
 * A thread of its own for work that takes long, so that requests are answered meanwhile. `module` calls `serveJobs`;
 * `what` names the work in errors. The thread starts with the first job and ends when idle or when `signal` aborts.
 */
export function createJobThread<Job, Outcome>(
  module: URL,
  { what, signal }: { what: string; signal: AbortSignal },
): JobThread<Job, Outcome> {
  let thread: Worker | null = null
  let idle: NodeJS.Timeout | undefined
  let last: Promise<unknown> = Promise.resolve()
  const interrupted = () => new TaggerError('unavailable', `${what} was interrupted`)
  const end = () => {
    void thread?.terminate()
    thread = null
  }
  const start = () => {
    const worker = new Worker(module)
    worker.once('exit', () => {
      if (thread === worker) thread = null
    })
    thread = worker
    return worker
  }
  signal.addEventListener('abort', end, { once: true })

  const run = (job: Job) => {
    if (signal.aborted) throw interrupted()
    clearTimeout(idle)
    const worker = thread ?? start()
    worker.ref()
    return new Promise<Outcome>((resolve, reject) => {
      const fail = (error: Error) => settle(() => reject(error))
      const stopped = () => fail(interrupted())
      const answered = ({ outcome, refusal }: { outcome?: Outcome; refusal?: Refusal }) =>
        settle(() =>
          refusal ? reject(new TaggerError(refusal.code as ErrorCode, refusal.message)) : resolve(outcome!),
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
  return (job) => {
    const outcome = last.then(() => run(job))
    last = outcome.catch(() => undefined)
    return outcome
  }
}

/** The thread's side: answers every job with what `work` makes of it. `moved` names bytes to hand over uncopied. */
export function serveJobs<Job, Outcome>(
  work: (job: Job) => Outcome | Promise<Outcome>,
  moved: (outcome: Outcome) => ArrayBuffer[] = () => [],
): void {
  parentPort?.on('message', async (job: Job) => {
    try {
      const outcome = await work(job)
      parentPort!.postMessage({ outcome }, moved(outcome))
    } catch (error) {
      const code = error instanceof TaggerError ? error.code : 'internal'
      parentPort!.postMessage({ refusal: { code, message: (error as Error).message } satisfies Refusal })
    }
  })
}
