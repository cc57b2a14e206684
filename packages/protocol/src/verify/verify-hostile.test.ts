import * as CarBufferWriter from '@ipld/car/buffer-writer'
import { describe, expect, test } from 'vitest'
import { type Anchored, anchorOther, balance, erase, honest } from '../../test/forge.ts'
import { addressOf, named, SimulatedCampaign, type SimulatedWorker } from '../../test/simulated-campaign.ts'
import { documentCid, encodeCanonical } from '../bytes/canonical.ts'
import { pureCrypto } from '../bytes/crypto.ts'
import { type Hex, toHex } from '../bytes/hex.ts'
import { decodeBundle, type Evidence } from '../settlement/bundle.ts'
import { payoutsTree, resultsTree } from '../settlement/roots.ts'
import { decodeState, encodeState, type State } from '../settlement/state.ts'
import { itemsRootOf } from '../spec/items.ts'
import type { Spec } from '../spec/spec.ts'
import { verifyCampaign } from './verify.ts'

// The operator here anchors whatever suits it: header and bundle always fit each other.

type Options = ConstructorParameters<typeof SimulatedCampaign>[0]

const verify = ({ bundles, facts }: Anchored) => verifyCampaign(bundles, facts)
const sha256 = (bytes: Uint8Array) => toHex(pureCrypto.sha256(bytes))

/** Four items, answered by three workers and by whatever `more` adds, in one batch. */
function closed(options: Partial<Options> = {}, more: (campaign: SimulatedCampaign) => void = () => {}) {
  const campaign = new SimulatedCampaign({ items: 4, ...options })
  campaign.answerAll()
  more(campaign)
  campaign.cut({ closing: true })
  return campaign
}

/** A campaign that takes two texts, one per contributor; ann and bob review those that were sent. */
function collected(senders: string[], more: (campaign: SimulatedCampaign) => void = () => {}) {
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
  more(campaign)
  campaign.cut({ closing: true })
  return campaign
}

function send(worker: SimulatedWorker, item: Hex, mediaType = 'text/plain', bytes = 10): void {
  worker.append({ kind: 'submission', item, revises: null, body: { mediaType, bytes } })
}

function review(worker: SimulatedWorker, item: Hex, verdict = 'accept'): void {
  worker.append({ kind: 'review', item, revises: null, body: { verdict, answer: null, reason: 'so' } })
}

describe('lists', () => {
  test('a second payout leaf for one account', async () => {
    let account = ''
    const forged = anchorOther(closed(), ({ campaignId, payouts, anchor }) => {
      account = payouts[0]!.account
      payouts.unshift({ ...payouts[0]!, amount: payouts[0]!.amount * 2n })
      anchor.payoutsRoot = payoutsTree(campaignId, payouts).root
    })
    expect(await verify(forged)).toMatchObject({ ok: false, code: 'payout-mismatch', at: { account } })
  })

  test('a second result leaf for one item', async () => {
    let item = ''
    const forged = anchorOther(closed(), ({ campaignId, results, anchor }) => {
      item = results[0]!.item
      results.unshift({ ...results[0]!, label: results[0]!.label === 'yes' ? 'no' : 'yes' })
      anchor.resultsRoot = resultsTree(campaignId, results).root
    })
    expect(await verify(forged)).toMatchObject({ ok: false, code: 'result-mismatch', at: { item } })
  })

  test('a second score for one record', async () => {
    const forged = anchorOther(closed(), ({ scores }) => {
      const [seq, , difficulty, micro] = scores[0]!.records[0]!
      scores[0]!.records.unshift([seq, 0, difficulty, micro])
    })
    expect(await verify(forged)).toMatchObject({ ok: false, code: 'score-mismatch', at: { seq: 1 } })
  })

  test('a state block that is not the state', async () => {
    const forged = anchorOther(closed(), (evidence) => {
      evidence.state = encodeState({ ...decodeState(evidence.state), pays: [] })
    })
    expect(await verify(forged)).toMatchObject({ ok: false, code: 'state-mismatch' })
  })
})

describe('terms, spec, items and time', () => {
  test('pay by other terms than the campaign’s', async () => {
    const campaign = closed({}, ({ terms }) => {
      terms.basePay = 20_000n
    })
    campaign.terms.basePay = 100_000n
    expect(await verify(honest(campaign))).toMatchObject({ ok: false, code: 'terms-mismatch' })
  })

  test('a spec that is none, though the terms name it', async () => {
    const { spec } = new SimulatedCampaign({ items: 4 })
    const none = encodeCanonical({ ...spec, reward: null } as never)
    const forged = anchorOther(closed({ terms: { specHash: sha256(none) } }), (evidence) => {
      evidence.spec = none
    })
    expect(await verify(forged)).toMatchObject({ ok: false, code: 'spec-mismatch', at: { root: 'spec' } })
  })

  test('a cut between periods, and one before the last', async () => {
    const place = { ok: false, code: 'batch-order' }
    const spec = { batch: { periodSeconds: 300, minItems: 1, maxItems: 10 } }
    const between = new SimulatedCampaign({ items: 4, spec })
    between.answerAll()
    between.cut()
    expect(await verify(honest(between))).toMatchObject({ ...place, at: { batch: 0, root: 'cutAt' } })

    const before = new SimulatedCampaign({ items: 4 })
    before.answerAll()
    before.cut({ items: before.items.slice(0, 2) })
    before.cut({ closing: true, cutAt: 1000 })
    expect(await verify(honest(before))).toMatchObject({ ...place, at: { batch: 1, root: 'cutAt' } })
  })

  test('other items than the spec commits to, or more of them', async () => {
    const root = itemsRootOf([toHex(named('another item'))])
    for (const count of [3, 4]) {
      const verdict = await verify(honest(closed({ spec: { items: { root, count } } })))
      expect(verdict).toMatchObject({ ok: false, code: 'batch-invalid', at: { root: 'items' } })
    }
  })
})

describe('records against the rules', () => {
  const refused = { ok: false, code: 'record-invalid' }
  const spec = { redundancy: { min: 3, max: 4, targetConfidence: 900_000 } }

  test('an answer that is none of the labels', async () => {
    const campaign = closed({ spec }, (c) => c.worker('mia').annotate(c.spec, c.items[1]!, 'perhaps'))
    const at = { batch: 0, account: campaign.worker('mia').account, seq: 1, item: campaign.items[1] }
    expect(await verify(honest(campaign))).toMatchObject({ ...refused, at })
  })

  test('an annotation where only reviews vote', async () => {
    const body = { answer: { acceptance: ['accept'] } }
    const campaign = collected(['cat'], (c) =>
      c.worker('mia').append({ kind: 'annotation', item: c.items[0]!, revises: null, body }),
    )
    expect(await verify(honest(campaign))).toMatchObject(refused)
  })

  test('someone the rules do not name, and the operator itself', async () => {
    const ann = addressOf(named('wallet ann'))
    const named1 = closed({ spec: { eligibility: { accounts: [ann], reviewers: [] } } })
    expect(await verify(honest(named1))).toMatchObject(refused)
    const own = closed({ terms: { operator: ann } })
    expect(await verify(honest(own))).toMatchObject({ ...refused, at: { account: ann } })
  })

  test('a review of one’s own answer or submission', async () => {
    const own = closed({ spec: { review: { reviews: 1 } } }, (c) =>
      review(c.worker('ann'), c.items[2]!, 'reject'),
    )
    expect(await verify(honest(own))).toMatchObject({ ...refused, at: { seq: 5, item: own.items[2] } })
    expect(await verify(honest(collected(['ann'])))).toMatchObject(refused)
  })

  test('more answers, reviews or submissions than the rules ask for', async () => {
    const beyond = [
      closed({}, (c) => c.worker('mia').annotate(c.spec, c.items[0]!, 'no')),
      closed({}, (c) => review(c.worker('mia'), c.items[0]!, 'reject')),
      collected(['cat'], (c) => send(c.worker('mia'), c.items[0]!)),
      collected(['cat', 'cat']),
    ]
    for (const campaign of beyond) expect(await verify(honest(campaign))).toMatchObject(refused)
    const three = await verify(honest(collected(['cat', 'mia', 'zoe'])))
    expect(three).toMatchObject({ ok: false, code: 'batch-invalid', at: { root: 'items' } })
  })

  test('a submission of another type, or too large', async () => {
    for (const [type, bytes] of [
      ['image/png', 10],
      ['text/plain', 1001],
    ] as const) {
      const campaign = collected([], (c) => {
        c.items.push(toHex(named('item')))
        send(c.worker('cat'), c.items[0]!, type, bytes)
      })
      expect(await verify(honest(campaign))).toMatchObject(refused)
    }
  })

  test('reviews of an item nobody submitted', async () => {
    const item = toHex(named('nothing'))
    const campaign = collected(['cat'], (c) => {
      c.items.push(item)
      review(c.worker('mia'), item)
    })
    const place = { ok: false, code: 'batch-invalid', at: { item } }
    expect(await verify(honest(campaign))).toMatchObject(place)
  })

  test('a record that replaces another one silently, and one that replaces none', async () => {
    const silent = closed({}, (c) => c.worker('ann').annotate(c.spec, c.items[1]!, 'no'))
    expect(await verify(honest(silent))).toMatchObject({ ...refused, at: { seq: 5, item: silent.items[1] } })
    const lone = closed({ spec }, (c) => c.worker('mia').annotate(c.spec, c.items[1]!, 'no', 7))
    expect(await verify(honest(lone))).toMatchObject({ ...refused, at: { seq: 1, item: lone.items[1] } })
  })
})

describe('known answers', () => {
  const place = { ok: false, code: 'batch-invalid' }

  test('one opened twice, and those of items outside the batch', async () => {
    const gold = { 0: 'yes', 3: 'no' }
    const twice = anchorOther(closed({ gold }), ({ reveals }) => reveals.push(reveals[0]!))
    expect(await verify(twice)).toMatchObject(place)

    const { reveals } = decodeBundle(closed({ gold }).bundles()[0]!).evidence
    const campaign = new SimulatedCampaign({ items: 4, gold })
    campaign.answerAll()
    campaign.cut({ items: campaign.items.slice(1, 3) })
    const early = anchorOther(campaign, (evidence) => {
      evidence.reveals = reveals
      balance(evidence, (s) => ({ ...s, gold: reveals.map(({ item, label }) => ({ item, label })) }))
    })
    expect(await verify(early)).toMatchObject(place)
  })

  test('one that is no label, and one that stays closed to the end', async () => {
    expect(await verify(honest(closed({ gold: { 1: 'perhaps' } })))).toMatchObject(place)
    const { gold } = new SimulatedCampaign({ items: 4, gold: { 1: 'yes' } }).spec
    const hidden = await verify(honest(closed({ spec: { gold } })))
    expect(hidden).toMatchObject({ ...place, at: { root: 'gold' } })
  })
})

describe('behind an erased payload', () => {
  const open = (state: State) =>
    state.open.map((record) => ({ ...record, payloadHash: toHex(named('other')) }))
  const forgeries: [string, string, (evidence: Evidence) => ((state: State) => State) | unknown][] = [
    ['pay beyond the rules', 'score-mismatch', ({ scores }) => (scores[0]!.records[0]![3] *= 9n)],
    ['more difficult than possible', 'score-mismatch', ({ scores }) => (scores[0]!.records[0]![2] = 9e6)],
    ['a record paid twice', 'score-mismatch', ({ scores: [s] }) => s!.records.push(s!.records[0]!)],
    ['pay for no record', 'score-mismatch', ({ scores }) => (scores[0]!.records[0]![0] = 99)],
    ['a result left out', 'result-mismatch', ({ results }) => results.pop()],
    ['an item settled twice', 'batch-invalid', ({ results }) => results.push(results[0]!)],
    ['a chain set back', 'state-mismatch', () => (s: State) => ({ ...s, chains: s.chains.slice(1) })],
    ['a result forgotten', 'state-mismatch', () => (s: State) => ({ ...s, results: [] })],
    ['another open record', 'state-mismatch', () => (s: State) => ({ ...s, open: open(s) })],
  ]

  test.each(forgeries)('%s', async (_, code, forge) => {
    const campaign = new SimulatedCampaign({ items: 4 })
    campaign.answerAll()
    campaign.cut({ items: campaign.items.slice(0, 3) })
    expect(await verify(anchorOther(campaign, (evidence) => erase(evidence)))).toMatchObject({ erased: 1 })
    const forged = anchorOther(campaign, (evidence) => {
      erase(evidence)
      const change = forge(evidence)
      balance(evidence, typeof change === 'function' ? (change as (state: State) => State) : undefined)
    })
    expect(await verify(forged)).toMatchObject({ ok: false, code })
  })
})

describe('evidence that would stop a verifier', () => {
  test('a session key that is no key', async () => {
    const forged = anchorOther(closed(), ({ workers }) => {
      workers[0]!.delegation.publicKey = '0x04'
      workers[0]!.head.publicKey = '0x04'
    })
    expect(await verify(forged)).toMatchObject({ ok: false, code: 'delegation-invalid' })
  })

  test('a bundle without its parts', async () => {
    const campaign = closed()
    const { anchor, campaignId } = decodeBundle(campaign.bundles()[0]!).evidence
    for (const parts of [null, [], { spec: 1 }, { spec: 'text' }]) {
      const payoutsTotal = anchor.payoutsTotal.toString()
      const bytes = encodeCanonical({ v: 1, campaignId, anchor: { ...anchor, payoutsTotal }, parts })
      const cid = documentCid(sha256(bytes))
      const writer = CarBufferWriter.createWriter(new ArrayBuffer(2000), { roots: [cid] })
      writer.write({ cid, bytes })
      const car = writer.close({ resize: true })
      expect(await verifyCampaign([car], campaign.facts())).toMatchObject({ code: 'bundle-malformed' })
    }
  })
})
