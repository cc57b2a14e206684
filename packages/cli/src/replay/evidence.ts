import {
  type ChainFacts,
  decodeBundle,
  decodeRecord,
  type Evidence,
  type Hex,
  type WorkRecord,
} from '@tagger/protocol'
import type { Tagger } from '@tagger/sdk'
import { deploymentOf } from '@tagger/sdk'
import { nativeCrypto } from '../native-crypto.ts'
import { downloadBundles } from '../verify/bundles.ts'
import { readChainFacts } from '../verify/chain-facts.ts'

/** Everything a replay's campaign left behind: what the chain says and what the bundles hold. */
export interface CampaignEvidence {
  facts: ChainFacts
  bundles: Uint8Array[]
  evidence: Evidence[]
}

/** Downloads the bundles of a campaign and reads the chain's word on them. */
export async function collectEvidence(tagger: Tagger, campaignId: Hex): Promise<CampaignEvidence> {
  const chain = await tagger.chain()
  const facts = await readChainFacts(chain.client, deploymentOf(chain.network), campaignId)
  const bundles = await downloadBundles(tagger.api, facts.headers)
  const evidence = bundles.map((car) => decodeBundle(car, nativeCrypto).evidence)
  return { facts, bundles, evidence }
}

/** Every record of the bundles. */
export function recordsOf(evidence: readonly Evidence[]): WorkRecord[] {
  return evidence.flatMap(({ payloads }) => [...payloads.values()].map(decodeRecord))
}
