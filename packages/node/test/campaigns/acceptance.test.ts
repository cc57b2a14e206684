import { campaignsAbi, testUsdAbi } from '@tagger/contracts/abi'
import {
  campaignIdOf,
  commitGold,
  decodeSpec,
  type Hex,
  itemsRootOf,
  type Terms,
  ZERO32,
} from '@tagger/protocol'
import { endpoints } from '@tagger/protocol/wire'
import { encodeFunctionData } from 'viem'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import { deploymentOf } from '../../src/node.ts'
import { closeCall } from '../../src/settle/calls.ts'
import { createCutter } from '../../src/settle/cut.ts'
import { createTestNode, randomAccount, type TestNode } from '../harness.ts'

const {
  createDraft,
  updateDraft,
  getDraft,
  uploadItems,
  acceptDraft,
  getCampaign,
  getNetwork,
  listCampaigns,
} = endpoints
const NO_PERMIT = { value: 0n, deadline: 0n, v: 0, r: ZERO32, s: ZERO32 }
let tester: TestNode

beforeAll(async () => {
  tester = await createTestNode({ chain: true })
})
afterAll(() => tester.close())

const written = {
  v: 1,
  kind: 'annotate',
  modality: 'text',
  title: 'Is it spam?',
  instructions: 'Read, then decide.',
  languages: ['en'],
  tags: ['demo'],
  labelingConfig:
    '<View><Text name="t" value="$text"/><Choices name="spam" toName="t"><Choice value="yes"/><Choice value="no"/></Choices></View>',
  redundancy: { min: 2, max: 3, targetConfidence: 900_000 },
  review: { reviews: 0 },
  eligibility: { accounts: [], reviewers: [] },
  reward: {
    difficulty: { min: 1_000_000, max: 1_500_000 },
    qualityCurve: [
      [0, 0],
      [1_000_000, 1_000_000],
    ],
    reviewShare: 500_000,
  },
  consensus: { method: 'majority', version: 1 },
  batch: { periodSeconds: 1, minItems: 1, maxItems: 1000 },
  rights: { license: 'CC-BY-4.0', uses: [] },
  visibility: 'public',
  privacy: { controller: '', processor: '' },
}

function request(change: object = {}) {
  return {
    token: tester.node.chain.contracts.testUsd!,
    basePay: '50000',
    floorPay: '10000',
    contributorsBps: 3000,
    deadline: Math.floor(Date.now() / 1000) + 3600,
    ...change,
  }
}

async function requester(spec: object = written, csv = 'text,gold\none,yes\ntwo,\nthree,no\n') {
  const { privateKey, account } = randomAccount()
  const token = await tester.tokenOf(account)
  const draft = await tester.call(createDraft, { token, body: { spec: spec as Record<string, unknown> } })
  const params = { id: draft.id }
  if (csv !== '') {
    await tester.call(uploadItems, {
      ...{ params, token, query: { name: 'items.csv', goldColumn: 'gold' } },
      upload: { bytes: csv, mediaType: 'text/csv' },
    })
  }
  return { privateKey, account, token, params }
}

async function openOnChain(privateKey: Hex, account: Hex, terms: Terms, acceptance: Hex, amount: bigint) {
  const { campaigns, testUsd } = tester.node.chain.contracts
  await tester.node.chain.faucet!(account)
  const approve = encodeFunctionData({ abi: testUsdAbi, functionName: 'approve', args: [campaigns, amount] })
  await tester.send(privateKey, { to: testUsd!, data: approve })
  const struct = {
    ...terms,
    deadline: BigInt(terms.deadline),
    grace: BigInt(terms.grace),
    challengeWindow: BigInt(terms.challengeWindow),
  }
  const args = [struct, amount, acceptance, NO_PERMIT] as const
  const data = encodeFunctionData({ abi: campaignsAbi, functionName: 'open', args })
  return await tester.send(privateKey, { to: campaigns, data })
}

describe('accepting a draft', () => {
  test('commits to the items and the gold, and the chain opens the campaign with it', async () => {
    const { privateKey, account, token, params } = await requester()
    const accepted = await tester.call(acceptDraft, { params, token, body: request() })
    expect(accepted.campaignId).toBe(campaignIdOf(accepted.terms as Terms, deploymentOf(tester.node)))
    expect(accepted.terms).toMatchObject({
      requester: account,
      operator: tester.node.keys.operator,
      protocolFeeBps: 250,
    })
    // Three items, at most three answers each, at most 1.5 times the base; fees on top.
    expect(accepted.cost).toMatchObject({ items: 3, records: 9, payMost: 675_000n, deposit: 708_750n })

    const receipt = await openOnChain(
      privateKey,
      account,
      accepted.terms as Terms,
      accepted.acceptance,
      708_750n,
    )
    expect(receipt.status).toBe('success')

    const campaign = await tester.call(getCampaign, { params: { id: accepted.campaignId }, token })
    expect(campaign).toMatchObject({
      title: 'Is it spam?',
      status: 'open',
      items: 3,
      records: 0,
      isDemo: true,
      topPay: 75_000n,
      token: { symbol: 'tUSD', decimals: 6 },
      money: { funded: 708_750n, available: 708_750n, reserved: 0n, payoutsTotal: 0n },
      caller: { isRequester: true, canWork: false },
    })
    const worker = await tester.tokenOf(randomAccount().account)
    const seen = await tester.call(getCampaign, { params: { id: accepted.campaignId }, token: worker })
    expect(seen.caller).toEqual({ isRequester: false, canWork: true, canReview: true })
    expect((await tester.call(getDraft, { params, token })).campaignId).toBe(accepted.campaignId)

    const rows = await tester.node.db.query<{ id: Hex; gold_label: string; gold_salt: Hex }>(
      sql`select id, gold_label, gold_salt from items where draft_id = ${params.id}`,
    )
    const [{ spec }] = (await tester.node.db.query<{ spec: Uint8Array }>(
      sql`select spec from campaigns where id = ${accepted.campaignId}`,
    )) as [{ spec: Uint8Array }]
    const gold = rows
      .filter((row) => row.gold_label !== null)
      .map((row) => ({ item: row.id, label: row.gold_label, salt: row.gold_salt }))
    expect(decodeSpec(spec)).toMatchObject({
      items: { root: itemsRootOf(rows.map((row) => row.id)), count: 3 },
      gold: { root: commitGold(gold).root, count: 2 },
    })
  })

  test('answers the same campaign to the same question, another to other terms', async () => {
    const { token, params } = await requester()
    const body = request()
    const first = await tester.call(acceptDraft, { params, token, body })
    expect(await tester.call(acceptDraft, { params, token, body })).toEqual(first)
    const dearer = await tester.call(acceptDraft, { params, token, body: { ...body, basePay: '60000' } })
    expect(dearer.campaignId).not.toBe(first.campaignId)
    expect(dearer.specHash).toBe(first.specHash)
  })

  test('lets one campaign have the items, whoever opens two of its quotes', async () => {
    const { privateKey, account, token, params } = await requester()
    const quotes = [request(), request({ basePay: '60000' })]
    const opened: { id: Hex; items: number; terms: Terms }[] = []
    for (const body of quotes) {
      const accepted = await tester.call(acceptDraft, { params, token, body })
      const { campaignId, terms, acceptance, cost } = accepted
      await openOnChain(privateKey, account, terms as Terms, acceptance, cost.deposit)
      opened.push(await tester.call(getCampaign, { params: { id: campaignId } }))
    }
    expect(opened.map(({ items }) => items > 0)).toEqual([true, false])

    // The other one is closed without work, and its money goes back.
    const { id, terms } = opened[1]!
    const { campaigns } = tester.node.chain.contracts
    await tester.send(privateKey, { to: campaigns, data: closeCall(terms) })
    await createCutter(tester.node, new AbortController().signal)()
    const [batch] = await tester.node.db.query<{ header: object; items: number }>(
      sql`select header, items from batches where campaign_id = ${id}`,
    )
    expect(batch).toMatchObject({ items: 0, header: { closing: true, payoutsTotal: '0' } })
  })

  test('fixes the draft', async () => {
    const { token, params } = await requester()
    await tester.call(acceptDraft, { params, token, body: request() })
    expect(await tester.refusal(updateDraft, { params, token, body: { spec: written } })).toMatchObject({
      code: 'conflict',
    })
    const upload = { bytes: 'text\nfour\n', mediaType: 'text/csv' }
    expect(
      await tester.refusal(uploadItems, { params, token, query: { name: 'more.csv' }, upload }),
    ).toMatchObject({ code: 'conflict' })
  })

  test.each([
    ['a floor above the base', { floorPay: '60000' }, 'above the base'],
    ['a deadline that is over', { deadline: 1000 }, 'less than a minute'],
    ['a deadline in ten years', { deadline: 2_200_000_000 }, 'two years'],
    ['a token nobody knows', { token: `0x${'12'.repeat(20)}` }, 'no campaigns in the token'],
    ['more than the escrow can hold', { basePay: '9'.repeat(40) }, 'larger than the escrow'],
  ])('refuses %s', async (_, change, reason) => {
    const { token, params } = await requester()
    expect(await tester.refusal(acceptDraft, { params, token, body: request(change) })).toMatchObject({
      code: 'terms-invalid',
      detail: expect.stringContaining(reason),
    })
  })

  test('refuses what could not pay for its transactions, and says what would', async () => {
    const { config } = tester.node
    onTestFinished(() => {
      config.leastBatchFee = null
    })
    const { token, params } = await requester()
    // Three items of two answers at the floor: 0.06 tUSD, of which the operator gets a fortieth.
    config.leastBatchFee = '0.0016'
    const refused = await tester.refusal(acceptDraft, { params, token, body: request() })
    expect(refused).toMatchObject({
      code: 'terms-invalid',
      detail: expect.stringContaining('less than 0.0016 tUSD'),
      hints: [
        'Pay a floor of at least 0.010667 tUSD a record; it is 0.01 tUSD now.',
        'Or have at least 4 items; there are 3 now.',
      ],
      data: { leastFloorPay: '10667', leastItems: 4 },
    })
    const raised = request({ floorPay: '10667' })
    expect((await tester.call(acceptDraft, { params, token, body: raised })).terms.floorPay).toBe(10_667n)

    // Batches of one item pay no more than their item does, however many follow.
    const tiny = await requester({ ...written, batch: { periodSeconds: 1, minItems: 1, maxItems: 1 } })
    config.leastBatchFee = '0.001'
    expect(await tester.refusal(acceptDraft, { ...tiny, body: request() })).toMatchObject({
      hints: [expect.anything(), expect.stringContaining('batch.maxItems) at least 2 items')],
    })
    const unpaid = await tester.refusal(acceptDraft, { ...tiny, body: request({ floorPay: '0' }) })
    expect(unpaid).toMatchObject({ code: 'terms-invalid', data: { leastItems: null } })
    config.leastBatchFee = null
    await tester.call(acceptDraft, { ...tiny, body: request() })
  })

  test('runs campaigns in the tokens it is set to take', async () => {
    const { token, params } = await requester()
    onTestFinished(() => {
      tester.node.config.tokens = null
    })
    tester.node.config.tokens = [tester.node.chain.contracts.tagToken]
    expect(await tester.refusal(acceptDraft, { params, token, body: request() })).toMatchObject({
      detail: expect.stringContaining('no campaigns in the token'),
    })
    expect((await tester.call(getNetwork)).tokens.map(({ symbol }) => symbol)).toEqual(['TAG'])
    tester.node.config.tokens = null
    expect((await tester.call(getNetwork)).tokens.map(({ symbol }) => symbol)).toEqual(['tUSD', 'TAG'])
  })

  test('refuses a draft without items, or whose items the labeling config no longer fits', async () => {
    const empty = await requester(written, '')
    expect(
      await tester.refusal(acceptDraft, { params: empty.params, token: empty.token, body: request() }),
    ).toMatchObject({ code: 'spec-invalid', detail: expect.stringContaining('no items yet') })

    const { token, params } = await requester()
    const changes = [
      [{ labelingConfig: written.labelingConfig.replace('$text', '$body') }, 'have no "body"'],
      [{ labelingConfig: written.labelingConfig.replace('"yes"', '"ja"') }, 'none of the labels'],
      [{ redundancy: { min: 5, max: 3, targetConfidence: 0 } }, 'min must not exceed max'],
    ] as const
    for (const [change, reason] of changes) {
      await tester.call(updateDraft, { params, token, body: { spec: { ...written, ...change } } })
      expect(await tester.refusal(acceptDraft, { params, token, body: request() })).toMatchObject({
        code: 'spec-invalid',
        detail: expect.stringContaining(reason),
      })
    }
  })

  test('is for the author of the draft', async () => {
    const { params } = await requester()
    const token = await tester.tokenOf(randomAccount().account)
    for (const endpoint of [acceptDraft, getDraft]) {
      const body = endpoint === acceptDraft ? request() : undefined
      expect(await tester.refusal(endpoint, { params, token, body })).toMatchObject({ status: 404 })
    }
  })
})

describe('drafts', () => {
  test.each([
    ['no kind', { modality: 'text' }, 'spec-invalid'],
    ['zero characters', { kind: 'annotate', modality: 'text', title: 'a\u0000b' }, 'bad-document'],
    ['half a character', { kind: 'annotate', modality: 'text', title: 'a\ud800b' }, 'bad-document'],
  ])('with %s are refused', async (_, spec, code) => {
    const token = await tester.tokenOf(randomAccount().account)
    expect(await tester.refusal(createDraft, { token, body: { spec } })).toMatchObject({ code })
  })
})

describe('the list of campaigns', () => {
  test('is paged, newest first, and can be narrowed', async () => {
    const { account } = randomAccount()
    const { rows } = await copyCampaigns(account, 5)
    const pages: string[][] = []
    let cursor: string | undefined
    do {
      const page = await tester.call(listCampaigns, { query: { requester: account, limit: 2, cursor } })
      pages.push(page.data.map((campaign) => campaign.id))
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1])
    expect(pages.flat()).toEqual(rows)
    const closed = await tester.call(listCampaigns, { query: { requester: account, status: 'closed' } })
    expect(closed.data).toEqual([])
    expect(await tester.refusal(listCampaigns, { query: { cursor: 'bm90IG91cnM' } })).toMatchObject({
      status: 400,
    })
  })
})

/** Campaigns of one requester, made from the first that was opened; answers with their ids, newest first. */
async function copyCampaigns(account: Hex, count: number) {
  const ids = Array.from({ length: count }, (_, i) => `0x${'ab'.repeat(31)}0${i}`)
  await tester.node.db.query(sql`
    insert into campaigns (id, draft_id, kind, requester, terms, spec_hash, spec, title, status, funded, opened_at,
      open_transaction)
    select copy.id, c.draft_id, c.kind, ${account}, c.terms, c.spec_hash, c.spec, c.title, c.status, c.funded,
      1000 + nth / 2, c.open_transaction
    from (select * from campaigns limit 1) c, unnest(${ids}::text[]) with ordinality as copy (id, nth)`)
  const rows = await tester.node.db.query<{ id: string }>(
    sql`select id from campaigns where requester = ${account} order by opened_at desc, id desc`,
  )
  return { rows: rows.map((row) => row.id) }
}
