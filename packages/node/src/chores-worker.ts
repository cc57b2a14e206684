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
    ...(fit && { fit: packFit(makeFit(fit)) }),
    ...(lists && { roots: rootsOf(lists, nativeCrypto) }),
  }
}

serveJobs(work, ({ fit }) => {
  const moved = fit ? [fit.posterior, fit.others.support, fit.others.disagreement] : []
  return moved.map(({ buffer }) => buffer as ArrayBuffer)
})
