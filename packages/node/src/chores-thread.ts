import { type Chores, unpackFit } from '@tagger/protocol'
import type { Chore, DoneChore } from './chores-worker.ts'
import { createJobThread } from './job-thread.ts'

/** A thread that does the chores of `verifyCampaign`, so that two processors share the work. */
export function createChoresThread(signal: AbortSignal): Chores {
  const done = createJobThread<Chore, DoneChore>(new URL('./chores-worker.ts', import.meta.url), {
    what: 'Verifying the campaign',
    signal,
  })
  return {
    findUnsigned: async (signatures) => (await done({ signatures })).unsigned ?? null,
    makeFit: async (fit) => unpackFit((await done({ fit })).fit!),
    rootsOf: async (lists) => (await done({ lists })).roots!,
  }
}
