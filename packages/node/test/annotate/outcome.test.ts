import { type Hex, payoutsTree, ZERO32 } from '@tagger/protocol'
import { endpoints, type ResponseOf } from '@tagger/protocol/wire'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { annotateRoutes } from '../../src/annotate/routes.ts'
import { contentToken, isContentToken } from '../../src/assign/content-token.ts'
import { assignRoutes } from '../../src/assign/routes.ts'
import { json, sql } from '../../src/db/sql.ts'
import { identityRoutes } from '../../src/identity/routes.ts'
import { validateCampaign } from '../../src/validate/validate.ts'
import { createTestNode, randomAccount, type TestNode } from '../harness.ts'
import { createWorker, openCampaign, type TestCampaign, type TestWorker } from '../work.ts'

let t: TestNode
beforeAll(async () => {
  t = await createTestNode({ rooms: [identityRoutes, assignRoutes, annotateRoutes] })
})
afterAll(() => t.close())

const hash = (byte: string): Hex => `0x${byte.repeat(32)}`

/** What settlement writes for a batch over all records of one worker. */
async function cutBatch(campaign: TestCampaign, worker: TestWorker, batch: Hex, amount: bigint) {
  const header = {
    campaignId: campaign.id,
    previous: ZERO32,
    index: 0,
    cutAt: 1,
    bundle: ZERO32,
    recordsRoot: ZERO32,
    resultsRoot: ZERO32,
    payoutsRoot: payoutsTree(campaign.id, [{ account: worker.account, amount }]).root,
    payoutsTotal: `${amount}`,
    state: ZERO32,
    closing: false,
  }
  const { db } = t.node
  await db.query(sql`
    insert into batches (hash, campaign_id, batch_index, header, status, bundle, bundle_bytes, state, items, records, cut_at)
    values (${batch}, ${campaign.id}, 0, ${json(header)}, 'cut', '', 1, ${new Uint8Array(1)}, 1, 1, 1)`)
  await db.query(sql`update records set batch = ${batch} where campaign_id = ${campaign.id}`)
  await db.query(sql`
    insert into results (campaign_id, item, batch, label, confidence, distribution, status, annotations, reviews)
    select campaign_id, item, ${batch}, 'yes', 900000, '[900000, 100000]', 'accepted', 2, 0 from records
    where campaign_id = ${campaign.id} and account = ${worker.account}`)
  await db.query(sql`
    insert into scores (campaign_id, account, seq, batch, quality, difficulty, micro)
    select campaign_id, account, seq, ${batch}, 750000, 1000000, 40000500000 from records
    where campaign_id = ${campaign.id} and account = ${worker.account}`)
  await db.query(sql`
    insert into payouts (campaign_id, batch, account, amount) values (${campaign.id}, ${batch}, ${worker.account}, ${amount})`)
}

async function states(worker: TestWorker) {
  return (await t.call(endpoints.listOwnRecords, { token: worker.token })).data.map((entry) => entry.state)
}

test('a record walks from answered to paid, and shows gold and score only when final', async () => {
  const campaign = await openCampaign(t, { items: 1, gold: ['yes'] })
  const [worker, other] = [await createWorker(t, campaign), await createWorker(t, campaign)]
  await worker.answer((await worker.lease()).data)
  expect(await states(worker)).toEqual(['answered'])
  await other.answer((await other.lease()).data)
  await validateCampaign(t.node, campaign.id)
  expect(await states(worker)).toEqual(['agreed'])

  const batch = hash('b1')
  await cutBatch(campaign, worker, batch, 40_000n)
  const [pending] = (await t.call(endpoints.listOwnRecords, { token: worker.token })).data
  expect(pending).toMatchObject({ state: 'in-batch', outcome: null, data: { text: 'Item 1' } })
  const claim = { params: { id: campaign.id, account: worker.account } }
  expect((await t.refusal(endpoints.getClaim, claim)).status).toBe(404)

  await t.node.db.query(sql`update batches set status = 'final' where hash = ${batch}`)
  await t.node.db.query(sql`
    update campaigns set last_final = ${batch}, final_count = 1, payouts_total = 40000 where id = ${campaign.id}`)
  const [final] = (await t.call(endpoints.listOwnRecords, { token: worker.token })).data
  expect(final).toMatchObject({
    state: 'claimable',
    answer: { same: ['yes'] },
    outcome: { batch, label: 'yes', quality: 750_000, amount: 40_000n, wasGold: true },
  })
  expect(final!.outcome!.reason).toMatch(/known answer/)

  await t.node.db.query(sql`update results set label = 'no' where campaign_id = ${campaign.id}`)
  const [overruled] = (await t.call(endpoints.listOwnRecords, { token: worker.token })).data
  expect(overruled!.outcome).toMatchObject({ label: 'no', wasGold: false })
  await t.node.db.query(sql`update results set label = 'yes' where campaign_id = ${campaign.id}`)

  const ready = await t.call(endpoints.getClaim, claim)
  expect(ready).toMatchObject({ batch, claimed: 0n, claimable: 40_000n, claim: { amount: 40_000n } })
  expect((await t.call(endpoints.listClaims, { params: { id: campaign.id } })).data).toMatchObject([
    { account: worker.account, claimable: 40_000n, proof: ready.claim.proof },
  ])
  expect((await t.call(endpoints.listOwnEarnings, { token: worker.token })).data).toMatchObject([
    {
      campaignId: campaign.id,
      records: 1,
      settled: 1,
      pendingAtLeast: 0n,
      earned: 40_000n,
      claimable: 40_000n,
    },
  ])

  await t.node.db.query(sql`
    insert into claims (campaign_id, account, amount, transaction_hash, block_number, log_index)
    values (${campaign.id}, ${worker.account}, 40000, ${hash('cc')}, 1, 1)`)
  expect(await states(worker)).toEqual(['paid'])
  expect((await t.call(endpoints.listClaims, { params: { id: campaign.id } })).data).toEqual([])
  expect((await t.call(endpoints.listOwnEarnings, { token: worker.token })).data).toMatchObject([
    { claimed: 40_000n, claimable: 0n, claimTransactions: [hash('cc')] },
  ])
})

test('who sent something that reviewers rejected learns why, but not from whom, once it is final', async () => {
  const campaign = await openCampaign(t, { items: 1, spec: { review: { reviews: 1 } } })
  const people = await Promise.all([1, 2, 3].map(() => createWorker(t, campaign)))
  const [worker, other, reviewer] = people as [TestWorker, TestWorker, TestWorker]
  for (const each of [worker, other]) await each.answer((await each.lease()).data)
  await validateCampaign(t.node, campaign.id)
  const [task] = (await reviewer.lease({ kind: 'review' })).data
  const body = { verdict: 'reject', answer: null, reason: 'The picture is blurred' } as const
  await reviewer.send(reviewer.build([{ kind: 'review', task: task!.id, item: task!.item, body }]))

  const batch = hash('b3')
  await cutBatch(campaign, worker, batch, 40_000n)
  await t.node.db.query(sql`update results set status = 'rejected' where batch = ${batch}`)
  const own = async () => (await t.call(endpoints.listOwnRecords, { token: worker.token })).data
  expect((await own())[0]!.outcome).toBeNull()
  await t.node.db.query(sql`update batches set status = 'final' where hash = ${batch}`)
  const { reason } = (await own())[0]!.outcome!
  expect(reason).toContain('Reviewers rejected the item: "The picture is blurred".')
  expect(reason).not.toContain('0x')
})

test('own records come in pages, newest first, and only one’s own', async () => {
  const campaign = await openCampaign(t, { items: 5 })
  const [worker, other] = [await createWorker(t, campaign), await createWorker(t, campaign)]
  await worker.answer((await worker.lease({ count: 3 })).data)
  await worker.answer((await worker.lease({ count: 2 })).data)
  await other.answer((await other.lease({ count: 1 })).data)
  const seqs: number[] = []
  let cursor: string | null = ''
  while (cursor !== null) {
    const query: Record<string, unknown> = { limit: 2, ...(cursor === '' ? {} : { cursor }) }
    const page = await t.call(endpoints.listOwnRecords, { token: worker.token, query })
    seqs.push(...page.data.map((entry) => entry.seq))
    cursor = page.nextCursor
  }
  expect(seqs).toEqual([5, 4, 3, 2, 1])
  const problem = await t.refusal(endpoints.listOwnRecords, { token: worker.token, query: { cursor: 'x' } })
  expect(problem.code).toBe('bad-request')
})

test('pending pay counts what receipts promise', async () => {
  const campaign = await openCampaign(t, { items: 3 })
  const worker = await createWorker(t, campaign)
  await worker.answer((await worker.lease({ count: 3 })).data)
  expect((await t.call(endpoints.listOwnEarnings, { token: worker.token })).data).toMatchObject([
    { records: 3, answered: 3, settled: 0, pendingAtLeast: 30_000n, earned: 0n, nextFinalAt: null },
  ])
})

test('after a final batch a receipt owes its pay, and the floor for what it did not settle', async () => {
  const campaign = await openCampaign(t, { items: 5 })
  const worker = await createWorker(t, campaign)
  const answer = async () => (await worker.answer((await worker.lease({ count: 1 })).data)).owedAtLeast
  expect(await answer()).toBe(10_000n)
  const batch = hash('b4')
  await cutBatch(campaign, worker, batch, 40_000n)
  // A pending batch pays nobody yet.
  expect(await answer()).toBe(20_000n)
  await t.node.db.query(sql`update batches set status = 'final' where hash = ${batch}`)
  await t.node.db.query(
    sql`update campaigns set last_final = ${batch}, final_count = 1 where id = ${campaign.id}`,
  )
  expect(await answer()).toBe(40_000n + 2n * 10_000n)
  expect(await answer()).toBe(40_000n + 3n * 10_000n)
  expect((await t.call(endpoints.listOwnEarnings, { token: worker.token })).data).toMatchObject([
    { records: 4, settled: 1, earned: 40_000n, pendingAtLeast: 30_000n },
  ])
})

test('claims of many accounts verify against the header’s root', async () => {
  const campaign = await openCampaign(t)
  const payouts = Array.from({ length: 7 }, (_, i) => ({
    account: randomAccount().account,
    amount: BigInt(i + 1),
  }))
  const worker = await createWorker(t, campaign)
  const batch = hash('b7')
  await cutBatch(campaign, worker, batch, 1n)
  await t.node.db.query(sql`delete from payouts where batch = ${batch}`)
  await t.node.db.query(sql`
    insert into payouts (campaign_id, batch, account, amount)
    select ${campaign.id}, ${batch}, * from unnest(
      ${payouts.map((p) => p.account)}::text[], ${payouts.map((p) => p.amount)}::numeric[])`)
  await t.node.db.query(sql`update batches set status = 'final' where hash = ${batch}`)
  await t.node.db.query(sql`update campaigns set last_final = ${batch} where id = ${campaign.id}`)
  const claims = await allClaims(campaign)
  const tree = payoutsTree(campaign.id, payouts)
  expect(new Map(claims.map((claim) => [claim.account, claim.proof]))).toEqual(
    new Map(payouts.map(({ account }) => [account, tree.proofOf(account)])),
  )
})

test('a list of claims read while another batch becomes final says so', async () => {
  const campaign = await openCampaign(t)
  const worker = await createWorker(t, campaign)
  const params = { id: campaign.id }
  for (const [i, batch] of [hash('b8'), hash('b9')].entries()) {
    await cutBatch(campaign, worker, batch, 1n)
    const others = [randomAccount().account, randomAccount().account]
    await t.node.db.query(sql`
      insert into payouts (campaign_id, batch, account, amount)
      select ${campaign.id}, ${batch}, account, ${10 + i} from unnest(${others}::text[]) as row (account)`)
    await t.node.db.query(sql`update batches set status = 'final' where hash = ${batch}`)
  }
  const setLast = (batch: Hex) =>
    t.node.db.query(sql`update campaigns set last_final = ${batch} where id = ${campaign.id}`)
  await setLast(hash('b8'))
  const { nextCursor } = await t.call(endpoints.listClaims, { params, query: { limit: 2 } })
  const next = { params, query: { cursor: nextCursor!, limit: 2 } }
  expect(await t.call(endpoints.listClaims, next)).toMatchObject({ data: [{}], nextCursor: null })
  await setLast(hash('b9'))
  expect(await t.refusal(endpoints.listClaims, next)).toMatchObject({ code: 'conflict' })
})

test('a content link opens one key of one assignment until it ends', () => {
  const { keys } = t.node
  const token = contentToken(keys, { assignment: 'a', key: 'image', expiresAt: 1000 })
  const at = (seconds: number) => new Date(seconds * 1000)
  expect(isContentToken(keys, token, { assignment: 'a', key: 'image' }, at(999))).toBe(true)
  expect(isContentToken(keys, token, { assignment: 'a', key: 'image' }, at(1000))).toBe(false)
  expect(isContentToken(keys, token, { assignment: 'b', key: 'image' }, at(1))).toBe(false)
  expect(isContentToken(keys, token, { assignment: 'a', key: 'other' }, at(1))).toBe(false)
  expect(
    isContentToken(keys, token.replace('1000.', '2000.'), { assignment: 'a', key: 'image' }, at(1)),
  ).toBe(false)
  for (const forged of ['', '1000.', `1000.${'0'.repeat(64)}`, token.slice(0, -1)]) {
    expect(isContentToken(keys, forged, { assignment: 'a', key: 'image' }, at(1))).toBe(false)
  }
})

/** All pages of a campaign's claims, three to a page. */
async function allClaims(campaign: TestCampaign) {
  const claims: ResponseOf<(typeof endpoints)['listClaims']>['data'] = []
  let cursor: string | undefined
  do {
    const query = { limit: 3, cursor }
    const page = await t.call(endpoints.listClaims, { params: { id: campaign.id }, query })
    expect(page.data.length).toBeLessThanOrEqual(3)
    claims.push(...page.data)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return claims
}
