import type { Hex, Spec } from '@tagger/protocol'
import { endpoints } from '@tagger/protocol/wire'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { itemData } from '../../src/collect/content.ts'
import { sql } from '../../src/db/sql.ts'
import { createTestNode, randomAccount, type TestNode } from '../harness.ts'
import { openCampaign, type TestCampaign } from '../work.ts'
import { pngImage } from './images.ts'

const { submitContent } = endpoints
let clock = new Date('2026-03-01T12:00:00Z')
let tester: TestNode

beforeAll(async () => {
  tester = await createTestNode({ clock: () => clock })
})
afterAll(() => tester.close())

const intake = { mediaTypes: ['text/plain'], maxBytes: 1000, maxItems: 5, maxPerContributor: 2 }

async function collecting(spec: Partial<Spec> = {}, options: { funded?: bigint } = {}) {
  return await openCampaign(tester, { items: 0, spec: { kind: 'collect', intake, ...spec }, ...options })
}

async function contributor() {
  const { account } = randomAccount()
  return { account, token: await tester.tokenOf(account) }
}

function piece(campaign: TestCampaign, bytes: string | Uint8Array, token: string, mediaType = 'text/plain') {
  return { params: { id: campaign.id }, token, query: { name: 'mine.txt' }, upload: { bytes, mediaType } }
}

describe('contributing', () => {
  test('keeps a piece encrypted, with its contributor, until its record completes it', async () => {
    const campaign = await collecting()
    const { account, token } = await contributor()
    const { item, bytes } = await tester.call(submitContent, piece(campaign, 'my sentence', token))
    expect(bytes).toBe(11)
    const [row] = await tester.node.db.query<{ id: Hex; status: string; source: string }>(
      sql`select id, status, source from items where draft_id = ${campaign.draftId}`,
    )
    expect(row).toEqual({ id: item, status: 'unfinished', source: account })
    const data = await itemData(tester.node, campaign.draftId, [item])
    expect(data.get(item)).toEqual({ text: 'my sentence' })
  })

  test('answers the same when the same piece is sent again', async () => {
    const campaign = await collecting()
    const { token } = await contributor()
    const first = await tester.call(submitContent, piece(campaign, 'once', token))
    expect(await tester.call(submitContent, piece(campaign, 'once', token))).toEqual(first)
  })

  test('refuses what someone else has sent already', async () => {
    const campaign = await collecting()
    await tester.call(submitContent, piece(campaign, 'copied', (await contributor()).token))
    expect(
      await tester.refusal(submitContent, piece(campaign, 'copied', (await contributor()).token)),
    ).toMatchObject({ code: 'item-duplicate' })
  })

  test('stops at the limit of one contributor and at the limit of all', async () => {
    const campaign = await collecting()
    const first = await contributor()
    for (const text of ['a1', 'a2']) await tester.call(submitContent, piece(campaign, text, first.token))
    expect(await tester.refusal(submitContent, piece(campaign, 'a3', first.token))).toMatchObject({
      code: 'no-work',
    })
    const second = await contributor()
    for (const text of ['b1', 'b2']) await tester.call(submitContent, piece(campaign, text, second.token))
    const third = await contributor()
    await tester.call(submitContent, piece(campaign, 'c1', third.token))
    expect(await tester.refusal(submitContent, piece(campaign, 'c2', third.token))).toMatchObject({
      code: 'no-work',
    })
  })

  test('keeps to the limit when many pieces come at once', async () => {
    const campaign = await collecting()
    const { token } = await contributor()
    const texts = ['p', 'q', 'r', 's', 't']
    const responses = await Promise.all(
      texts.map((text) => tester.request(submitContent, piece(campaign, text, token))),
    )
    expect(responses.filter(({ ok }) => ok)).toHaveLength(2)
  })

  test('gives the place of a piece back whose record never came', async () => {
    const campaign = await collecting()
    const { token } = await contributor()
    for (const text of ['x1', 'x2']) await tester.call(submitContent, piece(campaign, text, token))
    clock = new Date(clock.getTime() + 61 * 60_000)
    await tester.call(submitContent, piece(campaign, 'x3', token))
  })

  test('leaves no bytes of refused or forgotten pieces behind', async () => {
    const large = { ...intake, maxBytes: 100_000, maxPerContributor: 1 }
    const campaign = await collecting({ intake: large })
    const { token } = await contributor()
    const blobs = new Set<string>()
    const { put, delete: remove } = tester.node.blobs
    tester.node.blobs.put = async (name, bytes) => {
      blobs.add(name)
      await put(name, bytes)
    }
    tester.node.blobs.delete = async (name) => {
      blobs.delete(name)
      await remove(name)
    }
    try {
      const long = (letter: string) => piece(campaign, letter.repeat(50_000), token)
      const { item } = await tester.call(submitContent, long('a'))
      expect(await tester.refusal(submitContent, long('b'))).toMatchObject({ code: 'no-work' })
      expect([...blobs]).toEqual([item.slice(2)])
      clock = new Date(clock.getTime() + 61 * 60_000)
      const next = await tester.call(submitContent, long('c'))
      expect([...blobs]).toEqual([next.item.slice(2)])
    } finally {
      Object.assign(tester.node.blobs, { put, delete: remove })
    }
  })

  test.each([
    ['too large', 'x'.repeat(1001), 'text/plain', 'item-too-large'],
    ['of a type the campaign does not take', pngImage(), 'image/png', 'item-wrong-type'],
    ['that is no text', pngImage(), 'text/plain', 'item-wrong-type'],
    ['of blanks', '  \n ', 'text/plain', 'item-empty'],
  ])('refuses a piece %s', async (_, bytes, mediaType, code) => {
    const campaign = await collecting()
    const { token } = await contributor()
    expect(await tester.refusal(submitContent, piece(campaign, bytes, token, mediaType))).toMatchObject({
      code,
    })
  })

  test('takes whole images only', async () => {
    const images = { ...intake, mediaTypes: ['image/png'] }
    const campaign = await collecting({ modality: 'image', intake: images })
    const { token } = await contributor()
    await tester.call(submitContent, piece(campaign, pngImage(), token, 'image/png'))
    const cut = pngImage().subarray(0, 60)
    expect(await tester.refusal(submitContent, piece(campaign, cut, token, 'image/png'))).toMatchObject({
      code: 'item-truncated',
    })
  })

  test('is not for the requester, nor for accounts the campaign does not name', async () => {
    const named = await contributor()
    const campaign = await collecting({ eligibility: { accounts: [named.account], reviewers: [] } })
    await tester.call(submitContent, piece(campaign, 'named', named.token))
    const stranger = await contributor()
    const requester = await tester.tokenOf(campaign.terms.requester)
    for (const token of [stranger.token, requester]) {
      expect(await tester.refusal(submitContent, piece(campaign, 'other', token))).toMatchObject({
        code: 'not-eligible',
      })
    }
  })

  test('is refused by a campaign that has its items, is closing or cannot pay', async () => {
    const { token } = await contributor()
    const annotate = await openCampaign(tester)
    expect(await tester.refusal(submitContent, piece(annotate, 'x', token))).toMatchObject({
      code: 'not-eligible',
    })
    const closing = await collecting()
    await tester.node.db.query(sql`update campaigns set status = 'closing' where id = ${closing.id}`)
    expect(await tester.refusal(submitContent, piece(closing, 'x', token))).toMatchObject({
      code: 'campaign-not-open',
    })
    const poor = await collecting({}, { funded: 1n })
    expect(await tester.refusal(submitContent, piece(poor, 'x', token))).toMatchObject({
      code: 'campaign-underfunded',
    })
  })
})
