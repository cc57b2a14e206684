import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { nativeCrypto } from '@tagger/node/crypto'
import {
  type BatchHeader,
  type ChainFacts,
  decodeBundle,
  decodeRecord,
  type Evidence,
  type Hex,
  type Terms,
  type WorkRecord,
} from '@tagger/protocol'
import { deploymentOf, readChainFacts, type Tagger } from '@tagger/sdk'
import { downloadBundles } from '../verify/bundles.ts'

/** Everything a replay's campaign left behind: what the chain says and what the bundles hold. */
export interface CampaignEvidence {
  facts: ChainFacts
  bundles: Uint8Array[]
}

/** Downloads the bundles of a campaign and reads the chain's word on them. */
export async function collectEvidence(tagger: Tagger, campaignId: Hex): Promise<CampaignEvidence> {
  const chain = await tagger.chain()
  const facts = await readChainFacts(chain.client, deploymentOf(chain.network), campaignId, nativeCrypto)
  const bundles: Uint8Array[] = []
  for await (const bundle of downloadBundles(tagger.api, facts.headers)) bundles.push(bundle)
  return { facts, bundles }
}

/** Opens the bundles. */
export function openEvidence({ bundles }: CampaignEvidence): Evidence[] {
  return bundles.map((car) => decodeBundle(car, nativeCrypto).evidence)
}

/** Every record of the bundles. */
export function recordsOf(evidence: readonly Evidence[]): WorkRecord[] {
  return evidence.flatMap(({ payloads }) => [...payloads.values()].map(decodeRecord))
}

/** Keeps bundles and facts in a folder: `tagger verify` takes it, as long as the chain is there. */
export async function saveEvidence(folder: string, { facts, bundles }: CampaignEvidence): Promise<void> {
  await mkdir(folder, { recursive: true })
  const text = JSON.stringify(facts, (_, value) => (typeof value === 'bigint' ? `${value}n` : value))
  await writeFile(join(folder, 'chain.json'), text)
  await Promise.all(bundles.map((car, index) => writeFile(join(folder, `batch-${index}.car`), car)))
}

/** Reads what {@link saveEvidence} kept. */
export async function loadEvidence(folder: string): Promise<CampaignEvidence> {
  const text = await readFile(join(folder, 'chain.json'), 'utf8')
  const facts = JSON.parse(text, (_, value) =>
    typeof value === 'string' && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value,
  ) as { deployment: ChainFacts['deployment']; terms: Terms; headers: BatchHeader[] }
  const files = (await readdir(folder)).filter((name) => name.endsWith('.car')).sort()
  const bundles = await Promise.all(
    files.map(async (name) => new Uint8Array(await readFile(join(folder, name)))),
  )
  return { facts, bundles }
}
