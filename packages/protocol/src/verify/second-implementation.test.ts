import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type Anchored, changeBundle, erase, honest } from '../../test/forge.ts'
import { hostileCampaigns } from '../../test/hostile-campaigns.ts'
import { hasPython, PythonVerifier, runScript } from '../../test/python.ts'
import { named, SimulatedCampaign, specWith } from '../../test/simulated-campaign.ts'
import { type Hex, toHex } from '../bytes/hex.ts'
import { answerOf, labelsOf } from '../labeling/labels.ts'
import { decodeRecord, encodeRecord } from '../records/work-record.ts'
import type { Evidence } from '../settlement/bundle.ts'
import type { Spec } from '../spec/spec.ts'
import { verifyCampaign } from './verify.ts'

const isMissing = !hasPython()
const name = 'the verifier in Python, written from docs/protocol.md, says the same of'

const P256_ORDER = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
const auto: Partial<Spec> = { consensus: { method: 'auto', version: 1 } }
const looking: Partial<Spec> = { reward: { ...specWith().reward, version: 2 } }
const majority: Partial<Spec> = { consensus: { method: 'majority', version: 1 } }
/** More labels than two, with characters and entities that sort and read differently from place to place. */
const manyLabels: Partial<Spec> = {
  labelingConfig: `<View><!-- <Choices/> --><Image name="i" value="$image"/>
    <Choices name="Größe" toName="i" choice="single"><Choice value="\u{1F600}"/><Choice value="\uFF5E &amp; "/>
    <Choice alias="z" value="&#233;"/><Choice value="a &lt; b"/></Choices></View>`,
}

/** Two batches with gold, a revised record among them, and workers of different worth. */
function twoBatches(spec: Partial<Spec> = {}): SimulatedCampaign {
  const labels = labelsOf(new SimulatedCampaign({ items: 1, spec }).spec)
  const campaign = new SimulatedCampaign({ items: 10, gold: { 2: labels[1]!, 7: labels[0]! }, spec })
  campaign.answerAll(0, 6)
  campaign.cut({ items: campaign.items.slice(0, 4) })
  campaign.answerAll(6, 10)
  campaign.worker('bob').annotate(campaign.spec, campaign.items[5]!, labels[0]!, 6)
  campaign.cut({ closing: true })
  return campaign
}

/** The default method where it keeps its pick: more than a hundred votes, and an item with more than 16 of them. */
function manyVotes(): SimulatedCampaign {
  const gold = Object.fromEntries(Array.from({ length: 8 }, (_, i) => [i * 5, i % 2 === 0 ? 'no' : 'yes']))
  const redundancy = { min: 3, max: 40, targetConfidence: 0 }
  const campaign = new SimulatedCampaign({ items: 45, gold, spec: { ...auto, redundancy } })
  campaign.answerAll(0, 40)
  for (let i = 0; i < 20; i++)
    campaign.worker(`w${i}`).annotate(campaign.spec, campaign.items[3]!, i % 3 === 0 ? 'no' : 'yes')
  campaign.cut({ items: campaign.items.slice(0, 38) })
  campaign.answerAll(40, 45)
  campaign.cut({ closing: true })
  return campaign
}

/** Answers that are disputed go to reviewers: one accepts, one fixes, one rejects. */
function reviewed(spec: Partial<Spec> = {}): SimulatedCampaign {
  const campaign = new SimulatedCampaign({ items: 4, spec: { review: { reviews: 2 }, ...spec } })
  campaign.answerAll()
  for (const [i, item] of campaign.items.entries()) {
    for (const [w, name] of ['rex', 'una'].entries()) {
      const verdict = (['accept', 'fix', 'reject', 'reject'] as const)[i + (w === 0 ? 0 : i === 1 ? -1 : 0)]!
      const answer = verdict === 'reject' ? null : answerOf(campaign.spec, i === 0 ? 'yes' : 'no')
      const body = { verdict, answer, reason: 'because' }
      campaign.worker(name).append({ kind: 'review', item, revises: null, body })
    }
  }
  campaign.cut({ closing: true })
  return campaign
}

/** Texts sent in and judged: good, bad, disputed. */
function collected(spec: Partial<Spec> = {}): SimulatedCampaign {
  const campaign = new SimulatedCampaign({
    items: 3,
    spec: {
      kind: 'collect',
      labelingConfig: '',
      items: null,
      intake: { mediaTypes: ['text/plain'], maxBytes: 1000, maxItems: 10, maxPerContributor: 5 },
      review: { reviews: 3 },
      ...spec,
    },
  })
  for (const [i, item] of campaign.items.entries()) {
    const body = { mediaType: 'text/plain', bytes: 10 + i }
    campaign.worker('cat').append({ kind: 'submission', item, revises: null, body })
    for (const [w, name] of ['ann', 'bob', 'eve'].entries()) {
      const verdict = i + w < 2 || i === 0 ? 'accept' : 'reject'
      const review = { verdict, answer: null, reason: 'as I see it' }
      campaign.worker(name).append({ kind: 'review', item, revises: null, body: review })
    }
  }
  campaign.cut({ items: campaign.items.slice(0, 2) })
  campaign.cut({ closing: true })
  return campaign
}

const usual = twoBatches()
const tamper = (change: (evidence: Evidence) => void) => () => changeBundle(usual, change)

const campaigns: Record<string, () => Anchored> = {
  'two batches with gold, by Dawid–Skene': () => honest(usual),
  'two batches with gold, by majority': () => honest(twoBatches(majority)),
  'four labels, by Dawid–Skene': () => honest(twoBatches(manyLabels)),
  'four labels, by majority': () => honest(twoBatches({ ...manyLabels, ...majority })),
  'two batches with gold, by the default method': () => honest(twoBatches(auto)),
  'four labels, by the default method': () => honest(twoBatches({ ...manyLabels, ...auto })),
  'many votes, by the default method': () => honest(manyVotes()),
  'many votes, by the default method, some erased': () =>
    changeBundle(manyVotes(), (evidence) => erase(evidence, 3)),
  'a campaign with reviews': () => honest(reviewed()),
  'a campaign that collects': () => honest(collected()),
  'two batches paid for looking, by Dawid–Skene': () => honest(twoBatches(looking)),
  'four labels paid for looking, by auto': () =>
    honest(twoBatches({ ...manyLabels, ...looking, consensus: { method: 'auto', version: 1 } })),
  'reviews paid for looking': () => honest(reviewed(looking)),
  'a campaign that collects, reviews paid for looking': () => honest(collected(looking)),
  'a campaign without a batch': () => honest(new SimulatedCampaign({ items: 1 })),
  'erased payloads': () => changeBundle(usual, (evidence) => erase(evidence, 3)),
  'erased payloads of a campaign that collects': () =>
    changeBundle(collected(), (evidence) => erase(evidence, 2)),

  'a changed label': tamper(({ payloads }) => {
    const [hash, payload] = [...payloads][5]!
    const record = decodeRecord(payload)
    if (record.kind !== 'annotation') throw new Error('expected an annotation')
    const label = record.body.answer.label![0] === 'yes' ? 'no' : 'yes'
    const changed = encodeRecord({ ...record, body: { answer: { label: [label] } } })
    ;(payloads as Map<Hex, Uint8Array>).set(hash, changed)
  }),
  'a payload that is no record': tamper(({ payloads }) => {
    const [hash] = payloads.keys()
    ;(payloads as Map<Hex, Uint8Array>).set(hash!, named('noise'))
  }),
  'a raised score': tamper(({ scores }) => {
    scores[1]!.records[2]![3] += 5n
  }),
  'a raised payout': tamper(({ payouts }) => {
    payouts[1]!.amount += 1n
  }),
  'another total': tamper(({ anchor }) => {
    anchor.payoutsTotal += 1n
  }),
  'another root': tamper(({ anchor }) => {
    anchor.recordsRoot = toHex(named('root'))
  }),
  'another result': tamper(({ results }) => {
    results[2]!.confidence -= 1
  }),
  'a dropped record': tamper(({ workers }) => {
    workers[1]!.payloadHashes.splice(1, 1)
    workers[1]!.links.splice(1, 1)
  }),
  'a dropped last record': tamper(({ workers }) => {
    workers[1]!.payloadHashes.pop()
    workers[1]!.links.pop()
  }),
  're-ordered records': tamper(({ workers }) => {
    workers[2]!.payloadHashes.reverse()
  }),
  'a worker twice': tamper(({ workers }) => {
    workers.push(workers[0]!)
  }),
  'a segment from elsewhere': tamper(({ workers }) => {
    workers[0]!.from = { count: 0, link: toHex(named('link')) }
  }),
  'a key of someone else': tamper(({ workers }) => {
    workers[0]!.delegation = workers[1]!.delegation
  }),
  'a delegation nobody signed': tamper(({ workers }) => {
    workers[0]!.delegation.notAfter += 1
  }),
  'another head signature': tamper(({ workers }) => {
    workers[0]!.head.signature = workers[1]!.head.signature
  }),
  'a receipt for less than it promised': tamper(({ workers }) => {
    workers[0]!.receipt.owedAtLeast = 0n
  }),
  'a receipt after the cut': () => {
    const campaign = new SimulatedCampaign({ items: 2 })
    campaign.answerAll()
    campaign.cut({ closing: true, cutAt: 800 })
    return honest(campaign)
  },
  'a head signature with high s': tamper(({ workers }) => {
    const { head } = workers[0]!
    const high = P256_ORDER - BigInt(`0x${head.signature.slice(66)}`)
    head.signature = `${head.signature.slice(0, 66) as Hex}${high.toString(16).padStart(64, '0')}`
  }),
  'an invented gold answer': tamper(({ reveals }) => {
    reveals[0]!.label = reveals[0]!.label === 'yes' ? 'no' : 'yes'
  }),
  'another state': tamper((evidence) => {
    evidence.state = named('state')
  }),
  'a spec of another campaign': tamper((evidence) => {
    evidence.spec = named('spec')
  }),
  'a bundle that was never anchored': tamper(({ workers }) => {
    workers.reverse()
  }),
  'a record left out of the closing batch': () => {
    const campaign = new SimulatedCampaign({ items: 3 })
    campaign.answerAll()
    campaign.cut({ items: campaign.items.slice(0, 2), closing: true })
    return honest(campaign)
  },
  'an item settled too early': () => {
    const campaign = new SimulatedCampaign({ items: 2 })
    campaign.worker('ann').annotate(campaign.spec, campaign.items[0]!, 'yes')
    campaign.cut({ closing: true })
    const { header } = campaign.batches[0]!
    const early = changeBundle(campaign, ({ anchor }) => {
      anchor.closing = false
    })
    return { ...early, facts: { ...early.facts, headers: [{ ...header, closing: false }] } }
  },
  'a bundle of another campaign': () => ({
    bundles: twoBatches(majority).bundles(),
    facts: usual.facts(),
  }),
  'a missing bundle': () => {
    const { bundles, facts } = honest(usual)
    return { bundles: bundles.slice(0, 1), facts }
  },
  'the second bundle alone': () => {
    const { bundles, facts } = honest(usual)
    return { bundles: bundles.slice(1), facts }
  },
  'a bundle too many': () => {
    const { bundles, facts } = honest(usual)
    return { bundles: [...bundles, bundles[1]!], facts }
  },
  'half a bundle': () => {
    const { bundles, facts } = honest(usual)
    return { bundles: [bundles[0]!.subarray(0, bundles[0]!.length - 50)], facts }
  },
  'an empty file': () => ({ bundles: [new Uint8Array()], facts: usual.facts() }),
}

describe.skipIf(isMissing)(isMissing ? `${name} … (python3 of 3.11 or later is missing)` : name, () => {
  let python: PythonVerifier
  beforeAll(async () => {
    python = await PythonVerifier.start()
  })
  afterAll(() => python.stop())

  test.concurrent.each(Object.entries({ ...campaigns, ...hostileCampaigns }))('%s', async (_, make) => {
    const given = make()
    const second = python.verify(given)
    const verdict = await verifyCampaign(given.bundles, given.facts)
    const expected = verdict.ok
      ? { ...verdict, payoutsTotal: verdict.payoutsTotal.toString() }
      : { ok: false, code: verdict.code, at: verdict.at }
    expect(await second).toEqual(expected)
  })

  test('the golden vectors of logarithm, exponential and gamma', () => {
    const vectors = join(import.meta.dirname, '../../test/vectors/math.json')
    expect(runScript('replay_vectors.py', vectors)).toEqual({ replayed: 787, wrong: [] })
  })
})
