import { pureCrypto } from '../src/bytes/crypto.ts'
import { toHex } from '../src/bytes/hex.ts'
import { decodeBundle, type Evidence, encodeBundle } from '../src/settlement/bundle.ts'
import { payoutsOf } from '../src/settlement/pay.ts'
import { payoutsTree, recordsTree, resultsTree } from '../src/settlement/roots.ts'
import { decodeState, encodeState, type State } from '../src/settlement/state.ts'
import type { ChainFacts } from '../src/verify/verify.ts'
import type { SimulatedCampaign } from './simulated-campaign.ts'

/** What a verifier is given. */
export interface Anchored {
  bundles: Uint8Array[]
  facts: ChainFacts
}

/** A campaign as it is. */
export function honest(campaign: SimulatedCampaign): Anchored {
  return { bundles: campaign.bundles(), facts: campaign.facts() }
}

/** A campaign whose operator made other evidence of the last batch, and anchored that. */
export function anchorOther(campaign: SimulatedCampaign, forge: (evidence: Evidence) => void): Anchored {
  const bundles = campaign.bundles()
  const evidence = structuredClone(decodeBundle(bundles.pop()!).evidence)
  forge(evidence)
  const { car, root } = encodeBundle(evidence)
  const facts = campaign.facts()
  facts.headers[bundles.length] = { campaignId: evidence.campaignId, ...evidence.anchor, bundle: root }
  return { bundles: [...bundles, car], facts }
}

/** A campaign whose last bundle was changed after it was anchored. */
export function changeBundle(campaign: SimulatedCampaign, change: (evidence: Evidence) => void): Anchored {
  return { ...anchorOther(campaign, change), facts: campaign.facts() }
}

/** Makes payouts, state and roots of a first batch follow from the scores, results and state it lists. */
export function balance(evidence: Evidence, change: (state: State) => State = (state) => state): void {
  const { anchor, campaignId, results, scores } = evidence
  const pays = scores.map(({ account, records }) => ({
    account,
    micro: records.reduce((sum, [, , , micro]) => sum + micro, 0n),
  }))
  const state = change({ ...decodeState(evidence.state), pays })
  evidence.state = encodeState(state)
  evidence.payouts = payoutsOf(pays)
  Object.assign(anchor, {
    recordsRoot: recordsTree(campaignId, state.chains).root,
    resultsRoot: resultsTree(campaignId, results).root,
    payoutsRoot: payoutsTree(campaignId, evidence.payouts).root,
    payoutsTotal: evidence.payouts.reduce((sum, { amount }) => sum + amount, 0n),
    state: toHex(pureCrypto.sha256(evidence.state)),
  })
}

/** Drops the first payloads of a bundle, as erasure does. */
export function erase(evidence: Evidence, count = 1): void {
  evidence.payloads = new Map([...evidence.payloads].slice(count))
}
