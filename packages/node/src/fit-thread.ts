import { type FitTask, type Fitted, type PackedFit, unpackFit } from '@tagger/protocol'
import { createJobThread } from './job-thread.ts'

/** A thread that makes fits for `verifyCampaign` (`fitElsewhere`), so that two processors share the work. */
export function createFitThread(signal: AbortSignal): (task: FitTask) => Promise<Fitted> {
  const thread = createJobThread<FitTask, PackedFit>(new URL('./fit-worker.ts', import.meta.url), {
    what: 'Fitting the workers of the campaign',
    signal,
  })
  return async (task) => unpackFit(await thread(task), task.table.classes)
}
