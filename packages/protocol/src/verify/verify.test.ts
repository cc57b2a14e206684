import { describe, expect, test } from 'vitest'
import { SimulatedCampaign } from '../../test/simulated-campaign.ts'
import { pureCrypto } from '../bytes/crypto.ts'
import { type Hex, toHex } from '../bytes/hex.ts'
import { decodeRecord, encodeRecord } from '../records/work-record.ts'
import { decodeBundle, type Evidence, encodeBundle } from '../settlement/bundle.ts'
import type { Spec } from '../spec/spec.ts'
import { verifyCampaign } from './verify.ts'

/** Twenty items over two batches, two of them gold. */
function twoBatches(): SimulatedCampaign {
  const campaign = new SimulatedCampaign({ items: 20, gold: { 3: 'yes', 12: 'no' } })
  campaign.answerAll(0, 12)
  campaign.cut({ items: campaign.items.slice(0, 8) })
  campaign.answerAll(12, 20)
  campaign.cut({ closing: true })
  return campaign
}

/** Verifies a campaign after a cheat rewrote the evidence of its second batch, digests and all. */
async function verifyAfter(cheat: (evidence: Evidence) => void) {
  const campaign = twoBatches()
  const [first, second] = campaign.bundles() as [Uint8Array, Uint8Array]
  const evidence = structuredClone(decodeBundle(second).evidence)
  cheat(evidence)
  return await verifyCampaign([first, encodeBundle(evidence).car], campaign.facts())
}

describe('an honest campaign', () => {
  test('verifies over two batches', async () => {
    const campaign = twoBatches()
    expect(await verifyCampaign(campaign.bundles(), campaign.facts())).toEqual({
      ok: true,
      batches: 2,
      records: 60,
      erased: 0,
      workers: 3,
      items: 20,
      payoutsTotal: campaign.batches[1]!.header.payoutsTotal,
    })
  })

  test('by the default method: the pick stands in the state once there are votes enough', async () => {
    const spec: Partial<Spec> = { consensus: { method: 'auto', version: 1 } }
    const campaign = new SimulatedCampaign({ items: 40, gold: { 2: 'yes', 7: 'no' }, spec })
    campaign.answerAll()
    campaign.cut({ items: campaign.items.slice(0, 20) })
    campaign.cut({ closing: true })
    expect(await verifyCampaign(campaign.bundles(), campaign.facts())).toMatchObject({
      ok: true,
      records: 120,
    })
    const picks = campaign.batches.map(({ settlement }) => settlement.state.pick?.method)
    expect(picks).toEqual([undefined, 'auto'])
  })

  test('by the default method: a known answer the workers contradict is void for results and pay', async () => {
    const redundancy = { min: 3, max: 3, targetConfidence: 600_000 }
    const spec: Partial<Spec> = { consensus: { method: 'auto', version: 1 }, redundancy }
    const settled = async (gold: Record<number, string>) => {
      const campaign = new SimulatedCampaign({ items: 40, gold, spec })
      campaign.answerAll()
      campaign.cut({ closing: true })
      expect(await verifyCampaign(campaign.bundles(), campaign.facts())).toMatchObject({ ok: true })
      const { results, scores } = campaign.batches[0]!.settlement
      const item = campaign.items[7]!
      const qualities = scores.filter((score) => score.item === item).map(({ quality }) => quality)
      return { result: results.find((result) => result.item === item)!, qualities }
    }
    const free = await settled({})
    expect(free.result.confidence).toBeGreaterThan(600_000)
    const other = free.result.label === 'yes' ? 'no' : 'yes'
    expect((await settled({ 7: other })).result.label).toBe(free.result.label)
    expect((await settled({ 7: other })).qualities).toEqual(free.qualities)
    expect((await settled({ 7: free.result.label })).result.confidence).toBe(1_000_000)
  })

  test('verifies with revised records: only the last answer counts', async () => {
    const campaign = new SimulatedCampaign({ items: 4 })
    campaign.answerAll()
    campaign.worker('ann').annotate(campaign.spec, campaign.items[0]!, 'yes', 1)
    campaign.cut({ closing: true })
    expect(await verifyCampaign(campaign.bundles(), campaign.facts())).toMatchObject({
      ok: true,
      records: 13,
    })
    const paid = campaign.batches[0]!.settlement.scores.filter(({ item }) => item === campaign.items[0])
    expect(paid).toHaveLength(3)
  })

  test('reports erased payloads as not repeatable, not as wrong', async () => {
    const campaign = twoBatches()
    const cars = campaign.batches.map(({ car }, index) => {
      const { evidence } = decodeBundle(car)
      const payloads = new Map([...evidence.payloads].slice(index === 0 ? 1 : 0))
      return encodeBundle({ ...evidence, payloads }).car
    })
    expect(await verifyCampaign(cars, campaign.facts())).toMatchObject({ ok: true, erased: 1, records: 60 })
  })

  test('tells its progress', async () => {
    const campaign = twoBatches()
    const seen: number[] = []
    await verifyCampaign(campaign.bundles(), campaign.facts(), { onProgress: ({ done }) => seen.push(done) })
    expect(seen.at(-1)).toBe(60)
  })
})

describe('a cheat is named with its place', () => {
  test('a changed label', async () => {
    let place = {}
    const verdict = await verifyAfter((evidence) => {
      const [hash, payload] = [...evidence.payloads][5]!
      const record = decodeRecord(payload)
      if (record.kind !== 'annotation') throw new Error('expected an annotation')
      const label = record.body.answer.label![0] === 'yes' ? 'no' : 'yes'
      const changed = encodeRecord({ ...record, body: { answer: { label: [label] } } })
      ;(evidence.payloads as Map<Hex, Uint8Array>).set(hash, changed)
      place = { account: record.account, seq: record.seq, item: record.item }
    })
    expect(verdict).toMatchObject({ ok: false, code: 'payload-mismatch', at: { batch: 1, ...place } })
  })

  test('a changed label with all hashes rewritten still lacks the worker’s signature', async () => {
    let account = ''
    const verdict = await verifyAfter((evidence) => {
      const worker = evidence.workers[0]!
      account = worker.account
      const last = worker.payloadHashes.length - 1
      const record = decodeRecord(evidence.payloads.get(worker.payloadHashes[last]!)!)
      const changed = encodeRecord({ ...record, endedAt: record.endedAt + 1 })
      const hash = toHex(pureCrypto.sha256(changed))
      const payloads = evidence.payloads as Map<Hex, Uint8Array>
      payloads.set(hash, changed)
      worker.payloadHashes[last] = hash
      const before = worker.links[last - 1]!
      const joined = new Uint8Array(Buffer.from(before.slice(2) + hash.slice(2), 'hex'))
      worker.links[last] = toHex(pureCrypto.sha256(joined))
      worker.head.link = worker.links[last]!
    })
    expect(verdict).toMatchObject({ ok: false, code: 'head-signature-invalid', at: { account } })
  })

  test('a raised score', async () => {
    let place = {}
    const verdict = await verifyAfter((evidence) => {
      const { account, records } = evidence.scores[1]!
      const [seq, , difficulty, micro] = records[2]!
      records[2] = [seq, 1_000_000, difficulty, micro + 5n]
      place = { account, seq }
    })
    expect(verdict).toMatchObject({ ok: false, code: 'score-mismatch', at: place })
    expect(verdict.ok || verdict.at.item).toMatch(/^0x/)
  })

  test('a raised payout', async () => {
    let account = ''
    const verdict = await verifyAfter((evidence) => {
      evidence.payouts[1]!.amount += 1n
      account = evidence.payouts[1]!.account
    })
    expect(verdict).toMatchObject({ ok: false, code: 'payout-mismatch', at: { account } })
  })

  test('another root', async () => {
    const verdict = await verifyAfter((evidence) => {
      evidence.anchor.resultsRoot = `0x${'ab'.repeat(32)}`
    })
    expect(verdict).toMatchObject({ ok: false, code: 'root-mismatch', at: { root: 'resultsRoot' } })
  })

  test('a dropped record', async () => {
    let place = {}
    const verdict = await verifyAfter((evidence) => {
      const worker = evidence.workers[1]!
      worker.payloadHashes.splice(3, 1)
      worker.links.splice(3, 1)
      place = { account: worker.account, seq: worker.from.count + 4 }
    })
    expect(verdict).toMatchObject({ ok: false, code: 'link-mismatch', at: place })
  })

  test('a dropped last record', async () => {
    let place = {}
    const verdict = await verifyAfter((evidence) => {
      const worker = evidence.workers[1]!
      worker.payloadHashes.pop()
      worker.links.pop()
      place = { account: worker.account, seq: worker.head.count }
    })
    expect(verdict).toMatchObject({ ok: false, code: 'head-mismatch', at: place })
  })

  test('re-ordered records', async () => {
    let place = {}
    const verdict = await verifyAfter((evidence) => {
      const { payloadHashes, links, account, from } = evidence.workers[2]!
      for (const list of [payloadHashes, links]) [list[1], list[2]] = [list[2]!, list[1]!]
      place = { account, seq: from.count + 2 }
    })
    expect(verdict).toMatchObject({ ok: false, code: 'link-mismatch', at: place })
  })

  test('an invented gold answer', async () => {
    const verdict = await verifyAfter((evidence) => {
      evidence.reveals[0]!.label = evidence.reveals[0]!.label === 'yes' ? 'no' : 'yes'
    })
    expect(verdict).toMatchObject({ ok: false, code: 'gold-not-committed' })
  })

  test('a key of someone else', async () => {
    const verdict = await verifyAfter((evidence) => {
      evidence.workers[0]!.delegation = evidence.workers[1]!.delegation
    })
    expect(verdict).toMatchObject({ ok: false, code: 'delegation-invalid' })
  })

  test('a receipt for less than it promised', async () => {
    const verdict = await verifyAfter((evidence) => {
      evidence.workers[0]!.receipt.owedAtLeast = 0n
    })
    expect(verdict).toMatchObject({ ok: false, code: 'receipt-invalid' })
  })

  test('a bundle that was never anchored', async () => {
    const verdict = await verifyAfter((evidence) => {
      // Evidence that is right in every part but names them otherwise: only the digest tells.
      evidence.workers.reverse()
    })
    expect(verdict).toMatchObject({ ok: false, code: 'bundle-digest-mismatch', at: { root: 'bundle' } })
  })

  test('a missing bundle and one too many', async () => {
    const campaign = twoBatches()
    const [first, second] = campaign.bundles() as [Uint8Array, Uint8Array]
    expect(await verifyCampaign([first], campaign.facts())).toMatchObject({
      code: 'bundle-missing',
      at: { batch: 1 },
    })
    expect(await verifyCampaign([first, second, second], campaign.facts())).toMatchObject({
      code: 'batch-order',
    })
    expect(await verifyCampaign([second], campaign.facts())).toMatchObject({ ok: false, code: 'batch-order' })
  })

  test('bytes that are no bundle', async () => {
    const campaign = twoBatches()
    const [first] = campaign.bundles() as [Uint8Array]
    for (const bytes of [new Uint8Array(), new Uint8Array(100), first.subarray(0, first.length - 50)]) {
      expect(await verifyCampaign([bytes], campaign.facts())).toMatchObject({
        ok: false,
        code: 'bundle-malformed',
      })
    }
  })
})

test('a closing batch may not leave a receipted record out', async () => {
  const campaign = new SimulatedCampaign({ items: 6 })
  campaign.answerAll()
  campaign.cut({ items: campaign.items.slice(0, 5), closing: true })
  const verdict = await verifyCampaign(campaign.bundles(), campaign.facts())
  expect(verdict).toMatchObject({ ok: false, code: 'record-left-out' })
})
