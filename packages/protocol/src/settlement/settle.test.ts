import fc from 'fast-check'
import { expect, test } from 'vitest'
import { SimulatedCampaign } from '../../test/simulated-campaign.ts'
import { pureCrypto } from '../bytes/crypto.ts'
import { toHex } from '../bytes/hex.ts'
import { NO_VOTES } from '../consensus/votes.ts'
import { decodeRecord } from '../records/work-record.ts'
import { decodeBundle } from './bundle.ts'
import { settle } from './settle.ts'
import { emptyState, encodeState } from './state.ts'

function settledCampaign() {
  const campaign = new SimulatedCampaign({ items: 24, gold: { 5: 'yes' } })
  campaign.answerAll()
  const batch = campaign.cut({ closing: true })
  const { evidence } = decodeBundle(batch.car)
  const records = [...evidence.payloads.values()].map(decodeRecord)
  const input = {
    campaignId: campaign.id,
    pay: campaign.terms,
    spec: campaign.spec,
    state: emptyState(campaign.id),
    settled: NO_VOTES,
    segments: evidence.workers,
    records,
    items: batch.items,
    reveals: evidence.reveals,
    closing: true,
  }
  return { campaign, batch, input }
}

test('settling does not depend on the order of records, items or workers', () => {
  const { batch, input } = settledCampaign()
  fc.assert(
    fc.property(
      fc.shuffledSubarray(input.records, { minLength: input.records.length }),
      fc.shuffledSubarray(input.items, { minLength: input.items.length }),
      fc.shuffledSubarray([...input.segments], { minLength: input.segments.length }),
      (records, items, segments) => {
        const again = settle({ ...input, records, items, segments })
        expect(again).toEqual(batch.settlement)
        expect(toHex(pureCrypto.sha256(encodeState(again.state)))).toBe(batch.header.state)
      },
    ),
    { numRuns: 25 },
  )
})

test('frozen results stay as they were when later records change the fit', () => {
  const campaign = new SimulatedCampaign({ items: 20 })
  campaign.answerAll()
  const first = campaign.cut({ items: campaign.items.slice(0, 10) })
  const second = campaign.cut({ closing: true })
  for (const result of first.settlement.results)
    expect(second.settlement.state.results).toContainEqual(result)
  const before = new Map(first.settlement.payouts.map(({ account, amount }) => [account, amount]))
  for (const { account, amount } of second.settlement.payouts) {
    expect(amount).toBeGreaterThanOrEqual(before.get(account) ?? 0n)
  }
})

test('every counting record earns at least the floor and at most the top', () => {
  const { batch, campaign } = settledCampaign()
  const top = (campaign.terms.basePay * BigInt(campaign.spec.reward.difficulty.max)) / 1_000_000n
  for (const { micro } of batch.settlement.scores) {
    expect(micro).toBeGreaterThanOrEqual(campaign.terms.floorPay * 1_000_000n)
    expect(micro).toBeLessThanOrEqual(top * 1_000_000n)
  }
})

test('refuses an item that has too few answers before closing', () => {
  const { input } = settledCampaign()
  const item = input.items[0]!
  const dropped = input.records.find((record) => record.item === item)!
  const records = input.records.filter((record) => record !== dropped)
  expect(() => settle({ ...input, records, closing: false })).toThrow(
    /neither enough answers nor enough certainty/,
  )
})

test('refuses an item that is settled already', () => {
  const { input, batch } = settledCampaign()
  expect(() => settle({ ...input, state: batch.settlement.state })).toThrow(/settled twice/)
})

test('a submission is paid for being accepted, a rejected one keeps the floor', () => {
  const campaign = new SimulatedCampaign({
    items: 2,
    spec: {
      kind: 'collect',
      labelingConfig: '',
      items: null,
      intake: { mediaTypes: ['text/plain'], maxBytes: 1000, maxItems: 10, maxPerContributor: 5 },
      review: { reviews: 3 },
    },
  })
  const [good, bad] = campaign.items as [`0x${string}`, `0x${string}`]
  for (const item of [good, bad]) {
    const body = { mediaType: 'text/plain', bytes: 10 }
    campaign.worker('cat').append({ kind: 'submission', item, revises: null, body })
    for (const name of ['ann', 'bob', 'eve']) {
      const verdict = item === good ? 'accept' : 'reject'
      const review = { verdict, answer: null, reason: item === good ? '' : 'not a sentence' }
      campaign.worker(name).append({ kind: 'review', item, revises: null, body: review })
    }
  }
  const { settlement } = campaign.cut({ closing: true })
  const byItem = new Map(settlement.results.map((result) => [result.item, result]))
  expect(byItem.get(good)).toMatchObject({ label: 'accept', status: 'accepted' })
  expect(byItem.get(bad)).toMatchObject({ label: 'reject', status: 'rejected' })
  const earned = (item: string) =>
    settlement.scores.find((score) => score.item === item && score.kind === 'submission')!.micro
  expect(earned(good)).toBeGreaterThan(earned(bad))
  expect(earned(bad)).toBeGreaterThanOrEqual(campaign.terms.floorPay * 1_000_000n)
})
