import { parentPort, Worker } from 'node:worker_threads'
import { type ErrorCode, TaggerError } from '@tagger/protocol'

const IDLE_MILLISECONDS = 30_000
/** For objects just made. By itself V8 lets it grow to many times that, for little: threads work on arrays of numbers. */
const YOUNG_MEBIBYTES = 12

/** Why a job has no outcome, as data: errors lose their class between threads. */
interface Refusal {
  code: string
  message: string
}

/** Runs one job in the thread, after those given before. Rejects with the error the work threw. */
export type JobThread<Job, Outcome> = (job: Job) => Promise<Outcome>

interface Question<Job> {
  id: number
  job: Job
}

interface Answer<Outcome> {
  id: number
  outcome?: Outcome
  refusal?: Refusal
}

/**
 * A thread of its own for work that takes long, so that requests are answered meanwhile. `module` calls `serveJobs`;
 * `what` names the work in errors. The thread starts with the first job and ends when idle or when `signal` aborts.
 */
export function createJobThread<Job, Outcome>(
  module: URL,
  { what, signal }: { what: string; signal: AbortSignal },
): JobThread<Job, Outcome> {
  const waiting = new Map<number, { resolve(outcome: Outcome): void; reject(error: Error): void }>()
  let thread: Worker | null = null
  let idle: NodeJS.Timeout | undefined
  let jobs = 0

  const rest = (worker: Worker) => {
    if (waiting.size > 0) return
    worker.unref()
    idle = setTimeout(end, IDLE_MILLISECONDS).unref()
  }
  const fail = (worker: Worker, error: Error) => {
    if (thread !== worker) return
    thread = null
    for (const { reject } of waiting.values()) reject(error)
    waiting.clear()
  }
  const interrupted = () => new TaggerError('unavailable', `${what} was interrupted`)
  const end = () => {
    const worker = thread
    if (worker === null) return
    fail(worker, interrupted())
    void worker.terminate()
  }
  const start = () => {
    const worker = new Worker(module, { resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MEBIBYTES } })
    worker.on('message', ({ id, outcome, refusal }: Answer<Outcome>) => {
      const job = waiting.get(id)
      waiting.delete(id)
      if (refusal) job?.reject(new TaggerError(refusal.code as ErrorCode, refusal.message))
      else job?.resolve(outcome!)
      rest(worker)
    })
    worker.on('error', (error) => fail(worker, error as Error))
    worker.on('exit', () => fail(worker, interrupted()))
    return worker
  }
  signal.addEventListener('abort', end, { once: true })

  return (job) =>
    new Promise<Outcome>((resolve, reject) => {
      if (signal.aborted) throw interrupted()
      clearTimeout(idle)
      thread ??= start()
      thread.ref()
      const id = jobs++
      waiting.set(id, { resolve, reject })
      thread.postMessage({ id, job } satisfies Question<Job>)
    })
}

/**
 * The thread's side: answers every job with what `work` makes of it, one after another. `moved` names bytes to hand
 * over uncopied.
 */
export function serveJobs<Job, Outcome>(
  work: (job: Job) => Outcome | Promise<Outcome>,
  moved: (outcome: Outcome) => ArrayBuffer[] = () => [],
): void {
  let last: Promise<void> = Promise.resolve()
  const answer = async ({ id, job }: Question<Job>) => {
    try {
      const outcome = await work(job)
      parentPort!.postMessage({ id, outcome } satisfies Answer<Outcome>, moved(outcome))
    } catch (error) {
      const code = error instanceof TaggerError ? error.code : 'internal'
      const refusal = { code, message: (error as Error).message }
      parentPort!.postMessage({ id, refusal } satisfies Answer<Outcome>)
    }
  }
  parentPort?.on('message', (question: Question<Job>) => {
    last = last.then(() => answer(question))
  })
}
