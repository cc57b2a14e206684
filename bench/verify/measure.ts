/**
 * Verifies the campaign in a folder as `tagger verify` does, with native cryptography and the chores in a thread beside
 * the reading of evidence, in a process of its own: its peak memory is that of verifying. Prints one line of JSON.
 * `node bench/verify/measure.ts <folder>`
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createChoresThread } from '@tagger/node/chores-thread'
import { nativeCrypto } from '@tagger/node/crypto'
import { type ChainFacts, verifyCampaign } from '@tagger/protocol'
import { HeaderDocument, TermsDocument } from '@tagger/protocol/wire'
import { startProgress } from '../output/progress.ts'

/** One verified campaign. */
export interface Measurement {
  records: number
  workers: number
  batches: number
  /** Wall time, from the first bundle's bytes to the verdict. */
  seconds: number
  /** Time of all processors, that of the collector's threads included. */
  cpuSeconds: number
  /** Peak resident memory of the process. */
  peakMiB: number
}

const [folder = ''] = process.argv.slice(2)
const { deployment, terms, headers } = JSON.parse(readFileSync(join(folder, 'facts.json'), 'utf8'))
const facts: ChainFacts = {
  deployment,
  terms: TermsDocument.parse(terms),
  headers: headers.map((header: unknown) => HeaderDocument.parse(header)),
}

function* readBundles(): Iterable<Uint8Array> {
  for (const { index } of facts.headers) {
    const bundle = readFileSync(join(folder, `${index}.car`))
    yield bundle
    // Verifying is through with it.
    bundle.buffer.transfer(0)
  }
}

const progress = startProgress('batches verified', facts.headers.length)
const end = new AbortController()
const start = performance.now()
const clock = process.cpuUsage()
const verdict = await verifyCampaign(readBundles(), facts, {
  crypto: nativeCrypto,
  ...(facts.headers.length > 1 && { elsewhere: createChoresThread(end.signal) }),
  onProgress: ({ batch, done }) => progress.update(batch, `record ${done}`),
})
const { user, system } = process.cpuUsage(clock)
const seconds = (performance.now() - start) / 1000
progress.end()
end.abort()
if (!verdict.ok) throw new Error(`This campaign should verify, but: ${verdict.message} (${verdict.code})`)
const { records, workers, batches } = verdict
const peakMiB = process.resourceUsage().maxRSS / 1024
const measured: Measurement = {
  records,
  workers,
  batches,
  seconds,
  cpuSeconds: (user + system) / 1e6,
  peakMiB,
}
console.log(JSON.stringify(measured))
