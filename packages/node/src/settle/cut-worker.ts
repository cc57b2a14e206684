import {
  type BatchHeader,
  cutBatch,
  decodeSpec,
  decodeState,
  encodeState,
  TaggerError,
  type Verified,
  verifyCampaign,
} from '@tagger/protocol'
import { serveJobs } from '../job-thread.ts'
import { nativeCrypto } from '../store/crypto.ts'
import type { CutJob, CutOutcome } from './cut-job.ts'

/** Cuts a batch and refuses it if `verify` would. Runs in its own thread: a large batch takes seconds. */
async function cut(job: CutJob): Promise<CutOutcome> {
  const { specBytes, stateBytes, headers, verified, bundles, ...input } = job
  const before = verified ?? (await verify(job, { bundles, headers, from: undefined }))
  const spec = decodeSpec(specBytes)
  const state = decodeState(stateBytes)
  const batch = cutBatch({ ...input, spec, state, settled: before.settled }, nativeCrypto)
  const own = { bundles: [batch.car], headers: [...headers, batch.header], from: before }
  return {
    ...batch,
    stateBytes: encodeState(batch.settlement.state),
    before,
    verified: await verify(job, own),
  }
}

async function verify(
  { deployment, terms }: CutJob,
  evidence: { bundles: (Uint8Array | null)[]; headers: BatchHeader[]; from: Verified | undefined },
): Promise<Verified> {
  const { bundles, headers, from } = evidence
  const lost = bundles.indexOf(null)
  if (lost >= 0) throw new TaggerError('batch-invalid', `The bundle of batch ${lost} is lost`)
  let verified: Verified | undefined
  const onVerified = (known: Verified) => {
    verified = known
  }
  const verdict = await verifyCampaign(
    bundles as Uint8Array[],
    { deployment, terms, headers },
    { crypto: nativeCrypto, from, onVerified },
  )
  if (!verdict.ok) throw new TaggerError('batch-invalid', `This batch would not verify: ${verdict.message}`)
  return verified!
}

serveJobs(cut, ({ car }) => [car.buffer as ArrayBuffer])
