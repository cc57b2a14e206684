import { type FitTask, makeFit, type PackedFit, packFit } from '@tagger/protocol'
import { serveJobs } from './job-thread.ts'

/** Makes a fit and works out all that settling asks of it. Runs in its own thread, while the other reads evidence. */
function work(task: FitTask): PackedFit {
  return packFit(makeFit(task), task.table)
}

serveJobs(work, ({ posterior, withoutLabels }) => [
  posterior.buffer as ArrayBuffer,
  withoutLabels.buffer as ArrayBuffer,
])
