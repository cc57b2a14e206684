import { readFile, rm } from 'node:fs/promises'
import { nativeCrypto } from '@tagger/node/crypto'
import {
  batchHashOf,
  type ChainFacts,
  type Hex,
  TaggerError,
  type Unsound,
  type Verdict,
  type Verified,
  verifyCampaign,
} from '@tagger/protocol'
import type { Checked, CheckJob } from './check.ts'
import { isOfThisMachine, obtainBundle } from './evidence.ts'

/** Campaigns of which is remembered what was verified: their next batch need not begin at the first. */
const CAMPAIGNS_KEPT = 20

/** Checks batches one after the other and remembers, by campaign, what it verified of the last two. */
export function createChecker(): (job: CheckJob) => Promise<Checked> {
  const known = new Map<Hex, ReadonlyMap<Hex, Verified>>()
  const remember = (campaignId: Hex, verified: ReadonlyMap<Hex, Verified>) => {
    known.delete(campaignId)
    if (known.size >= CAMPAIGNS_KEPT) known.delete(known.keys().next().value!)
    known.set(campaignId, verified)
  }
  return async (job) => {
    const { facts } = job
    const header = facts.headers.at(-1)!
    const before = { ...facts, headers: facts.headers.slice(0, -1) }
    try {
      let from = known.get(header.campaignId)?.get(header.previous)
      if (from === undefined && before.headers.length > 0) {
        const { verdict, verified } = await verify(before, await obtainAll(before, job))
        if (!verdict.ok) return unsound(verdict)
        from = verified
      }
      const path = await obtainBundle(header, job)
      const { verdict, verified } = await verify(facts, [path], from)
      if (!verdict.ok) return unsound(verdict)
      if (verdict.erased > (from?.erased ?? 0)) {
        // Erased or kept back: another node may have the rest.
        await rm(path, { force: true })
        return { kind: 'unchecked', reason: `Payloads of batch ${header.index} are kept back` }
      }
      const remembered = [[batchHashOf(header, nativeCrypto), verified!] as const]
      if (from !== undefined) remembered.push([header.previous, from])
      remember(header.campaignId, new Map(remembered))
      return { kind: 'sound', records: verdict.records }
    } catch (cause) {
      if (isOfThisMachine(cause)) throw cause
      const isMissing = cause instanceof TaggerError && cause.code === 'unavailable'
      const { message } = cause as Error
      return { kind: 'unchecked', reason: isMissing ? message : `\`verify\` came to no end: ${message}` }
    }
  }
}

async function obtainAll({ headers }: ChainFacts, job: CheckJob): Promise<string[]> {
  const paths = []
  for (const header of headers) paths.push(await obtainBundle(header, job))
  return paths
}

async function verify(
  facts: ChainFacts,
  paths: readonly string[],
  from?: Verified,
): Promise<{ verdict: Verdict; verified: Verified | undefined }> {
  let verified: Verified | undefined
  const verdict = await verifyCampaign(readInTurn(paths), facts, {
    crypto: nativeCrypto,
    ...(from && { from }),
    onVerified(now) {
      verified = now
    },
  })
  return { verdict, verified }
}

async function* readInTurn(paths: readonly string[]): AsyncGenerator<Uint8Array> {
  for (const path of paths) yield await readFile(path)
}

function unsound({ code, message, at }: Unsound): Checked {
  const { batch, ...place } = at
  const where = [['batch', batch] as const, ...Object.entries(place)].map(
    ([name, value]) => `${name} ${value}`,
  )
  return { kind: 'unsound', reason: `${code} at ${where.join(', ')}: ${message}` }
}
