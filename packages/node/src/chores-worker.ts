import {
  type BatchLists,
  type BatchRoots,
  type FitTask,
  findUnsigned,
  makeFit,
  type PackedFit,
  packFit,
  rootsOf,
  type SignatureTask,
  type Unsigned,
} from '@tagger/protocol'
import { serveJobs } from './job-thread.ts'
import { nativeCrypto } from './store/crypto.ts'

/** One thing to be done; runs in a thread of its own, while the other reads evidence. */
export interface Chore {
  signatures?: SignatureTask
  fit?: FitTask
  lists?: BatchLists
}

/** What came of it, by the name of the chore. */
export interface DoneChore {
  unsigned?: Unsigned | null
  fit?: PackedFit
  roots?: BatchRoots
}

async function work({ signatures, fit, lists }: Chore): Promise<DoneChore> {
  return {
    ...(signatures && { unsigned: await findUnsigned(signatures, nativeCrypto) }),
    // All that settling may ask of the fit is worked out here.
    ...(fit && { fit: packFit(makeFit(fit), fit.table) }),
    ...(lists && { roots: rootsOf(lists, nativeCrypto) }),
  }
}

serveJobs(work, ({ fit }) => {
  return fit ? [fit.posterior.buffer as ArrayBuffer, fit.withoutLabels.buffer as ArrayBuffer] : []
})
