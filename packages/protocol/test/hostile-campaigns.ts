import * as CarBufferWriter from '@ipld/car/buffer-writer'
import { documentCid, encodeCanonical } from '../src/bytes/canonical.ts'
import { pureCrypto } from '../src/bytes/crypto.ts'
import { type Hex, toHex } from '../src/bytes/hex.ts'
import { decodeBundle, type Evidence } from '../src/settlement/bundle.ts'
import { payoutsTree, resultsTree } from '../src/settlement/roots.ts'
import { decodeState, encodeState, type State } from '../src/settlement/state.ts'
import { itemsRootOf } from '../src/spec/items.ts'
import type { Spec } from '../src/spec/spec.ts'
import type { FaultCode, Place } from '../src/verify/verdict.ts'
import { type Anchored, anchorOther, balance, erase, honest } from './forge.ts'
import { addressOf, named, SimulatedCampaign, type SimulatedWorker } from './simulated-campaign.ts'

/** A campaign that must not verify, with the fault to be found and its place as far as it matters. */
export interface Hostile extends Anchored {
  code: FaultCode
  at?: Partial<Place>
}

type Options = Partial<ConstructorParameters<typeof SimulatedCampaign>[0]>
type Add = (campaign: SimulatedCampaign) => void

const nothing = () => {}
const sha256 = (bytes: Uint8Array) => toHex(pureCrypto.sha256(bytes))
const ann = addressOf(named('wallet ann'))
const upToFour: Partial<Spec> = { redundancy: { min: 3, max: 4, targetConfidence: 900_000 } }

/** Four items, answered by three workers and by whatever `add` has to say, in one batch. */
function closed(options: Options = {}, add: Add = nothing): SimulatedCampaign {
  const campaign = new SimulatedCampaign({ items: 4, ...options })
  campaign.answerAll()
  add(campaign)
  campaign.cut({ closing: true })
  return campaign
}

/** A campaign that takes two texts, one per contributor; ann and bob review those that were sent. */
function collected(senders: string[], add: Add = nothing): SimulatedCampaign {
  const spec: Partial<Spec> = {
    kind: 'collect',
    labelingConfig: '',
    items: null,
    intake: { mediaTypes: ['text/plain'], maxBytes: 1000, maxItems: 2, maxPerContributor: 1 },
    review: { reviews: 2 },
  }
  const campaign = new SimulatedCampaign({ items: senders.length, spec })
  for (const [i, name] of senders.entries()) {
    send(campaign.worker(name), campaign.items[i]!)
    for (const reviewer of ['ann', 'bob']) review(campaign.worker(reviewer), campaign.items[i]!)
  }
  add(campaign)
  campaign.cut({ closing: true })
  return campaign
}

function send(worker: SimulatedWorker, item: Hex, mediaType = 'text/plain', bytes = 10): void {
  worker.append({ kind: 'submission', item, revises: null, body: { mediaType, bytes } })
}

function review(worker: SimulatedWorker, item: Hex, verdict = 'accept'): void {
  worker.append({ kind: 'review', item, revises: null, body: { verdict, answer: null, reason: 'so' } })
}

/** A campaign with one record the rules do not allow. */
function refused(campaign: SimulatedCampaign, at: Partial<Place> = {}): Hostile {
  return { ...honest(campaign), code: 'record-invalid', at }
}

function sendOther(mediaType: string, bytes: number): SimulatedCampaign {
  return collected([], (c) => {
    c.items.push(toHex(named('item')))
    send(c.worker('cat'), c.items[0]!, mediaType, bytes)
  })
}

/** A batch of three items behind an erased payload, with everything that follows made to fit the forgery. */
function behindErased(
  code: FaultCode,
  forge: (evidence: Evidence) => unknown,
  change?: (state: State) => State,
): Hostile {
  const campaign = new SimulatedCampaign({ items: 4 })
  campaign.answerAll()
  campaign.cut({ items: campaign.items.slice(0, 3) })
  const forged = anchorOther(campaign, (evidence) => {
    erase(evidence)
    forge(evidence)
    balance(evidence, change)
  })
  return { ...forged, code }
}

/** A bundle whose root block names its parts like this. */
function withParts(parts: unknown): Hostile {
  const campaign = closed()
  const { anchor, campaignId } = decodeBundle(campaign.bundles()[0]!).evidence
  const root = { v: 1, campaignId, anchor: { ...anchor, payoutsTotal: '0' }, parts }
  const bytes = encodeCanonical(root as never)
  const cid = documentCid(sha256(bytes))
  const writer = CarBufferWriter.createWriter(new ArrayBuffer(2000), { roots: [cid] })
  writer.write({ cid, bytes })
  return { bundles: [writer.close({ resize: true })], facts: campaign.facts(), code: 'bundle-malformed' }
}

/** Ways of an operator to get more past `verify` than is right: it anchors whatever suits it, consistently. */
export const hostileCampaigns: Record<string, () => Hostile> = {
  'a second payout leaf for one account': () => ({
    ...anchorOther(closed(), ({ campaignId, payouts, anchor }) => {
      payouts.unshift({ ...payouts[0]!, amount: payouts[0]!.amount * 2n })
      anchor.payoutsRoot = payoutsTree(campaignId, payouts).root
    }),
    code: 'payout-mismatch',
  }),
  'a second result leaf for one item': () => ({
    ...anchorOther(closed(), ({ campaignId, results, anchor }) => {
      results.unshift({ ...results[0]!, label: results[0]!.label === 'yes' ? 'no' : 'yes' })
      anchor.resultsRoot = resultsTree(campaignId, results).root
    }),
    code: 'result-mismatch',
  }),
  'a second score for one record': () => ({
    ...anchorOther(closed(), ({ scores }) => {
      const [seq, , difficulty, micro] = scores[0]!.records[0]!
      scores[0]!.records.unshift([seq, 0, difficulty, micro])
    }),
    code: 'score-mismatch',
    at: { seq: 1 },
  }),
  'a state block that is not the state': () => ({
    ...anchorOther(closed(), (evidence) => {
      evidence.state = encodeState({ ...decodeState(evidence.state), pays: [] })
    }),
    code: 'state-mismatch',
  }),

  'pay by other terms than the campaign’s': () => {
    const campaign = closed({}, ({ terms }) => {
      terms.basePay = 20_000n
    })
    campaign.terms.basePay = 100_000n
    return { ...honest(campaign), code: 'terms-mismatch', at: { root: 'terms' } }
  },
  'a spec that is none, though the terms name it': () => {
    const { spec } = new SimulatedCampaign({ items: 4 })
    const none = encodeCanonical({ ...spec, reward: null } as never)
    const forged = anchorOther(closed({ terms: { specHash: sha256(none) } }), (evidence) => {
      evidence.spec = none
    })
    return { ...forged, code: 'spec-mismatch', at: { root: 'spec' } }
  },
  'a cut between periods': () => {
    const spec = { batch: { periodSeconds: 300, minItems: 1, maxItems: 10 } }
    const campaign = new SimulatedCampaign({ items: 4, spec })
    campaign.answerAll()
    campaign.cut()
    return { ...honest(campaign), code: 'batch-order', at: { batch: 0, root: 'cutAt' } }
  },
  'a cut that is not after the last one': () => {
    const campaign = new SimulatedCampaign({ items: 4 })
    campaign.answerAll()
    campaign.cut({ items: campaign.items.slice(0, 2) })
    campaign.cut({ closing: true, cutAt: 1000 })
    return { ...honest(campaign), code: 'batch-order', at: { batch: 1, root: 'cutAt' } }
  },
  'more items than the spec commits to': () => {
    const items = { root: itemsRootOf([toHex(named('another item'))]), count: 3 }
    return { ...honest(closed({ spec: { items } })), code: 'batch-invalid', at: { root: 'items' } }
  },
  'other items than the spec commits to': () => {
    const items = { root: itemsRootOf([toHex(named('another item'))]), count: 4 }
    return { ...honest(closed({ spec: { items } })), code: 'batch-invalid', at: { root: 'items' } }
  },
  'more submissions than the spec takes': () => ({
    ...honest(collected(['cat', 'mia', 'zoe'])),
    code: 'batch-invalid',
    at: { root: 'items' },
  }),

  'an answer that is none of the labels': () => {
    const campaign = closed({ spec: upToFour }, (c) =>
      c.worker('mia').annotate(c.spec, c.items[1]!, 'perhaps'),
    )
    return refused(campaign, { account: campaign.worker('mia').account, seq: 1, item: campaign.items[1]! })
  },
  'an annotation where only reviews vote': () => {
    const body = { answer: { acceptance: ['accept'] } }
    return refused(
      collected(['cat'], (c) =>
        c.worker('mia').append({ kind: 'annotation', item: c.items[0]!, revises: null, body }),
      ),
    )
  },
  'work of someone the rules do not name': () =>
    refused(closed({ spec: { eligibility: { accounts: [ann], reviewers: [] } } })),
  'work of the operator itself': () => refused(closed({ terms: { operator: ann } }), { account: ann }),
  'a review of one’s own answer': () => {
    const campaign = closed({ spec: { review: { reviews: 1 } } }, (c) =>
      review(c.worker('ann'), c.items[2]!, 'reject'),
    )
    return refused(campaign, { account: ann, seq: 5, item: campaign.items[2]! })
  },
  'a review of one’s own submission': () => refused(collected(['ann']), { account: ann, seq: 2 }),
  'more answers than the rules ask for': () =>
    refused(closed({}, (c) => c.worker('mia').annotate(c.spec, c.items[0]!, 'no'))),
  'more reviews than the rules ask for': () =>
    refused(closed({}, (c) => review(c.worker('mia'), c.items[0]!, 'reject'))),
  'the same item submitted by two': () =>
    refused(collected(['cat'], (c) => send(c.worker('mia'), c.items[0]!))),
  'more submissions than one may send': () => refused(collected(['cat', 'cat'])),
  'a submission of another type': () => refused(sendOther('image/png', 10)),
  'a submission that is too large': () => refused(sendOther('text/plain', 1001)),
  'reviews of an item nobody submitted': () => {
    const item = toHex(named('nothing'))
    const campaign = collected(['cat'], (c) => {
      c.items.push(item)
      review(c.worker('mia'), item)
    })
    return { ...honest(campaign), code: 'batch-invalid', at: { item } }
  },
  'a record that replaces another one silently': () =>
    refused(
      closed({}, (c) => c.worker('ann').annotate(c.spec, c.items[1]!, 'no')),
      { account: ann, seq: 5 },
    ),
  'a record that replaces none': () =>
    refused(closed({ spec: upToFour }, (c) => c.worker('mia').annotate(c.spec, c.items[1]!, 'no', 7))),

  'a known answer opened twice': () => ({
    ...anchorOther(closed({ gold: { 0: 'yes' } }), ({ reveals }) => reveals.push(reveals[0]!)),
    code: 'batch-invalid',
  }),
  'known answers of items outside the batch': () => {
    const gold = { 0: 'yes', 3: 'no' }
    const { reveals } = decodeBundle(closed({ gold }).bundles()[0]!).evidence
    const campaign = new SimulatedCampaign({ items: 4, gold })
    campaign.answerAll()
    campaign.cut({ items: campaign.items.slice(1, 3) })
    const forged = anchorOther(campaign, (evidence) => {
      evidence.reveals = reveals
      balance(evidence, (state) => ({ ...state, gold: reveals.map(({ item, label }) => ({ item, label })) }))
    })
    return { ...forged, code: 'batch-invalid' }
  },
  'a known answer that is no label': () => ({
    ...honest(closed({ gold: { 1: 'perhaps' } })),
    code: 'batch-invalid',
  }),
  'a known answer that stays closed to the end': () => {
    const { gold } = new SimulatedCampaign({ items: 4, gold: { 1: 'yes' } }).spec
    return { ...honest(closed({ spec: { gold } })), code: 'batch-invalid', at: { root: 'gold' } }
  },

  'erased, then pay beyond the rules': () =>
    behindErased('score-mismatch', ({ scores }) => (scores[0]!.records[0]![3] *= 9n)),
  'erased, then more difficult than possible': () =>
    behindErased('score-mismatch', ({ scores }) => (scores[0]!.records[0]![2] = 9_000_000)),
  'erased, then a record paid twice': () =>
    behindErased('score-mismatch', ({ scores: [first] }) => first!.records.push(first!.records[0]!)),
  'erased, then pay for no record': () =>
    behindErased('score-mismatch', ({ scores }) => (scores[0]!.records[0]![0] = 99)),
  'erased, then a result left out': () => behindErased('result-mismatch', ({ results }) => results.pop()),
  'erased, then an item settled twice': () =>
    behindErased('batch-invalid', ({ results }) => results.push(results[0]!)),
  'erased, then a chain set back': () =>
    behindErased('state-mismatch', nothing, (state) => ({ ...state, chains: state.chains.slice(1) })),
  'erased, then a result forgotten': () =>
    behindErased('state-mismatch', nothing, (state) => ({ ...state, results: [] })),
  'erased, then another open record': () =>
    behindErased('state-mismatch', nothing, (state) => ({
      ...state,
      open: state.open.map((record) => ({ ...record, payloadHash: toHex(named('other')) })),
    })),

  'a session key that is no key': () => ({
    ...anchorOther(closed(), ({ workers }) => {
      workers[0]!.delegation.publicKey = '0x04'
      workers[0]!.head.publicKey = '0x04'
    }),
    code: 'delegation-invalid',
  }),
  'no parts': () => withParts(null),
  'parts that are no links': () => withParts({ spec: 1, state: 'text' }),
}
