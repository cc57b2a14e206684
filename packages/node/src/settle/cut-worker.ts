import { parentPort } from 'node:worker_threads'
import {
  cutBatch,
  decodeRecord,
  decodeSpec,
  decodeState,
  encodeState,
  TaggerError,
  verifyCampaign,
} from '@tagger/protocol'
import { nativeCrypto } from '../store/crypto.ts'
import type { CutJob, CutOutcome, CutRefusal } from './cut-job.ts'

/** Cuts a batch and refuses it if `verify` would. Runs in its own thread: a large batch takes seconds. */
async function cut(job: CutJob): Promise<CutOutcome> {
  const { specBytes, stateBytes, earlierPayloads, ...input } = job
  const batch = cutBatch(
    {
      ...input,
      spec: decodeSpec(specBytes),
      state: decodeState(stateBytes),
      earlier: earlierPayloads.map(decodeRecord),
    },
    nativeCrypto,
  )
  await verifyOwn(job, batch)
  return { ...batch, stateBytes: encodeState(batch.settlement.state) }
}

async function verifyOwn(job: CutJob, batch: Pick<CutOutcome, 'header' | 'car'>): Promise<void> {
  const lost = job.before.find(({ car }) => car === null)
  if (lost) throw new TaggerError('batch-invalid', `The bundle of batch ${lost.header.index} is lost`)
  const verdict = await verifyCampaign(
    [...job.before.map(({ car }) => car!), batch.car],
    {
      deployment: job.deployment,
      terms: job.terms,
      headers: [...job.before.map(({ header }) => header), batch.header],
    },
    { crypto: nativeCrypto },
  )
  if (!verdict.ok) throw new TaggerError('batch-invalid', `This batch would not verify: ${verdict.message}`)
}

parentPort?.on('message', async (job: CutJob) => {
  try {
    const outcome = await cut(job)
    parentPort!.postMessage({ outcome }, [outcome.car.buffer as ArrayBuffer])
  } catch (error) {
    const code = error instanceof TaggerError ? error.code : 'internal'
    parentPort!.postMessage({ refusal: { code, message: (error as Error).message } satisfies CutRefusal })
  }
})
