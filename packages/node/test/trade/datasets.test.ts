import { createHash } from 'node:crypto'
import { decryptContent, type Hex } from '@tagger/protocol'
import { endpoints } from '@tagger/protocol/wire'
import { base16 } from 'multiformats/bases/base16'
import { CID } from 'multiformats/cid'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { json, sql } from '../../src/db/sql.ts'
import { createCutter } from '../../src/settle/cut.ts'
import { followBatches } from '../../src/settle/follow.ts'
import {
  type DueDelivery,
  type MintRow,
  selectDueDeliveries,
  type VersionRow,
} from '../../src/trade/queries.ts'
import { tradeRoutes } from '../../src/trade/routes.ts'
import { createTestNode, randomAccount, type TestNode } from '../harness.ts'
import { StagedCampaign } from '../settle/staged-campaign.ts'

let time = new Date('2026-11-22T10:00:00Z')
let server: TestNode
let campaign: StagedCampaign
let requester: string
const words = { title: 'Product pairs', description: 'Pairs of offers, same product or not.' }

beforeAll(async () => {
  server = await createTestNode({ clock: () => time, rooms: [tradeRoutes] })
  campaign = new StagedCampaign(server.node, { items: 10, gold: { 4: 'no' } })
  await campaign.accept()
  await campaign.openInLedger()
  requester = await server.tokenOf(campaign.requester.account)
})
afterAll(() => server.close())

async function settleAll(): Promise<void> {
  await campaign.answer(campaign.items)
  time = new Date(time.getTime() + 3_000)
  await createCutter(server.node, new AbortController().signal)()
  await server.node.db.query(sql`update batches set status = 'final'`)
  await server.node.db.query(sql`
    update campaigns set final_count = 1, last_final = (select hash from batches) where id = ${campaign.id}`)
  await followBatches(server.node)
}

const create = (token: string, body = words) =>
  server.call(endpoints.createDataset, { params: { id: campaign.id }, body, token })

/** What the indexer writes when a passport is minted. */
async function mint(id: string, version: VersionRow, owner: string): Promise<void> {
  await server.node.db.query(sql`insert into passports (id, owner, version) values (${id}, ${owner}, 0)`)
  await addVersion(id, version)
}

async function addVersion(id: string, version: VersionRow): Promise<void> {
  const [row] = await server.node.db.query<{ version: number }>(
    sql`update passports set version = version + 1 where id = ${id} returning version`,
  )
  await server.node.db.query(sql`
    insert into passport_versions (passport_id, version, content_root, sources, document, transaction_hash)
    values (${id}, ${row!.version}, ${version.contentRoot}, ${json(version.sources)}, ${json(version)},
      ${`0x${'77'.repeat(32)}`})`)
}

async function license(id: string, owner: string, status: string, version = 1): Promise<void> {
  await server.node.db.query(sql`
    insert into licenses (id, offer_id, passport_id, version, owner, price, buyer_public_key, sealed_key, status,
      purchased_at, expires_at, purchase_transaction)
    values (${id}, ${`0x${'0f'.repeat(32)}`}, '2', ${version}, ${owner}, 5000000, '0x04', null, ${status}, 1, 0,
      ${`0x${'88'.repeat(32)}`})`)
}

test('only the requester makes a dataset, and only of final results', async () => {
  expect(
    await server.refusal(endpoints.createDataset, {
      params: { id: campaign.id },
      body: words,
      token: requester,
    }),
  ).toMatchObject({ code: 'nothing-to-settle' })
  await settleAll()
  const stranger = await server.tokenOf(randomAccount().account)
  expect(
    await server.refusal(endpoints.createDataset, {
      params: { id: campaign.id },
      body: words,
      token: stranger,
    }),
  ).toMatchObject({ code: 'forbidden' })
})

test('names what it holds by hash, and is made once', async () => {
  const dataset = await create(requester)
  const { version, proofs } = dataset.mint
  const { sources } = version
  expect(dataset).toMatchObject({
    items: 10,
    records: 30,
    contributors: 3,
    passportId: null,
    isProven: false,
  })
  expect(sources).toEqual([
    { campaignId: campaign.id, batch: dataset.lineage[0]!.batch, weight: 10_000, contributorsBps: 2_000 },
  ])
  expect(proofs[0]!.terms.requester).toBe(campaign.requester.account)
  expect(dataset.sample).toHaveLength(5)
  expect(dataset.manifest).toMatchObject({ name: 'product-pairs' })

  const again = await create(requester, { ...words, title: 'Offers' })
  expect(again.id).toBe(dataset.id)
  expect(again.title).toBe('Offers')
  expect(again.mint.version).toMatchObject({
    contentRoot: version.contentRoot,
    cipherRoot: version.cipherRoot,
  })
  expect(again.mint.version.manifest).not.toBe(version.manifest)
})

test('content opens with the key to what the passport names, data and answers of every accepted item', async () => {
  const { id, mint } = await create(requester)
  const response = await server.request(endpoints.getContent, { params: { id }, token: requester })
  const cipher = new Uint8Array(await response.arrayBuffer())
  expect(`0x${createHash('sha256').update(cipher).digest('hex')}`).toBe(mint.version.cipherRoot)
  const [row] = await server.node.db.query<{ content_key: Uint8Array }>(sql`select content_key from datasets`)
  const plain = decryptContent(server.node.keys.unwrap(row!.content_key), cipher)
  expect(`0x${createHash('sha256').update(plain).digest('hex')}`).toBe(mint.version.contentRoot)
  const lines = new TextDecoder()
    .decode(plain)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(new Set(lines.map(({ data }) => data.text))).toEqual(
    new Set(campaign.items.map((_, i) => `text ${i}`)),
  )
})

test('the market shows a dataset once its requester minted it; no other passport counts', async () => {
  const { id, mint: given } = await create(requester)
  const stranger = randomAccount().account
  expect(await server.refusal(endpoints.getDataset, { params: { id } })).toMatchObject({ status: 404 })
  await mint('1', { ...given.version, sources: [] }, stranger)
  // Who bought the passport of an older batch may carry that source on, over any content.
  const older = given.version.sources.map((source) => ({ ...source, batch: `0x${'0b'.repeat(32)}` as Hex }))
  await mint('0', { ...given.version, sources: older }, stranger)
  expect((await server.call(endpoints.listDatasets, {})).data).toEqual([])
  const own = await server.call(endpoints.listDatasets, { query: { unminted: 'true' }, token: requester })
  expect(own.data).toHaveLength(1)

  // Nor does one under another key, which could not be delivered.
  const closed = { ...given.version, keyHash: `0x${'0e'.repeat(32)}` as Hex }
  await mint('3', closed, campaign.requester.account)
  expect((await server.call(endpoints.listDatasets, {})).data).toEqual([])

  await mint('2', given.version, campaign.requester.account)
  const { data } = await server.call(endpoints.listDatasets, {})
  expect(data).toMatchObject([{ id, passportId: '2', version: 1, isNewest: true, isProven: true }])
  const found = await server.call(endpoints.listDatasets, { query: { search: 'PAIRS', modality: 'text' } })
  expect(found.data).toHaveLength(1)
  for (const query of [{ search: 'no such%' }, { modality: 'image' as const }, { owner: stranger }]) {
    expect((await server.call(endpoints.listDatasets, { query })).data).toEqual([])
  }
  const dataset = await server.call(endpoints.getDataset, { params: { id } })
  expect(dataset.lineage).toMatchObject([
    { title: 'Same product?', workers: 3, records: 30, contributorsBps: 2000 },
  ])
})

test('the manifest served is the one the passport names', async () => {
  const { id, mint } = await create(requester)
  const response = await server.request(endpoints.getManifest, { params: { id } })
  const bytes = new Uint8Array(await response.arrayBuffer())
  const digest = CID.parse(`f01551220${mint.version.manifest.slice(2)}`, base16).multihash.digest
  expect(Buffer.from(digest).toString('hex')).toBe(createHash('sha256').update(bytes).digest('hex'))
  expect(JSON.parse(new TextDecoder().decode(bytes))).toMatchObject({ '@type': 'sc:Dataset' })
})

test('content goes to running licenses only, as they stand now', async () => {
  const { data } = await server.call(endpoints.listDatasets, {})
  const { id } = data[0]!
  const buyer = randomAccount().account
  const token = await server.tokenOf(buyer)
  const refusal = () => server.refusal(endpoints.getContent, { params: { id }, token })
  expect(await refusal()).toMatchObject({ code: 'license-missing' })
  const offer = {
    token: server.node.chain.contracts.testUsd,
    price: '5000000',
    duration: '60',
    deliverWithin: '60',
  }
  await server.node.db.query(sql`
    insert into offers (id, passport_id, offer, is_open) values (${`0x${'0f'.repeat(32)}`}, '2', ${json(offer)}, true)`)
  await license('1', buyer, 'paid')
  expect(await refusal()).toMatchObject({ code: 'not-delivered' })
  const now = Math.floor(time.getTime() / 1000)
  await server.node.db.query(sql`update licenses set status = 'delivered', expires_at = ${now + 60}`)
  expect((await server.request(endpoints.getContent, { params: { id }, token })).status).toBe(200)
  expect((await server.call(endpoints.listLicenses, { token })).data).toMatchObject([
    { id: '1', datasetId: id, status: 'delivered', price: 5_000_000n },
  ])

  await server.node.db.query(sql`update licenses set owner = ${randomAccount().account}`)
  expect(await refusal()).toMatchObject({ code: 'license-missing' })
  await server.node.db.query(sql`update licenses set owner = ${buyer}`)
  time = new Date(time.getTime() + 61_000)
  expect(await refusal()).toMatchObject({ code: 'license-expired' })
  await server.node.db.query(sql`update licenses set status = 'refunded'`)
  expect(await refusal()).toMatchObject({ code: 'license-missing' })
})

test('a newer version takes the market’s place of a dataset and nothing from those who licensed it', async () => {
  const { operator } = server.node.keys
  const rights = { seats: 0, isExclusive: false, isTransferable: true, mayDerive: false }
  const rest = { ...rights, rightsHash: `0x${'0c'.repeat(32)}`, nonce: '1', deliverer: operator }
  await server.node.db.query(sql`update offers set offer = offer || ${json(rest)}::jsonb`)
  const { data } = await server.call(endpoints.listDatasets, {})
  const { id, mint: given } = await server.call(endpoints.getDataset, { params: { id: data[0]!.id } })
  const [early, waiting, late] = [randomAccount(), randomAccount(), randomAccount()]
  await license('11', early.account, 'paid')
  await license('12', waiting.account, 'paid')
  await addVersion('2', { ...given.version, contentRoot: `0x${'0d'.repeat(32)}` })
  await license('13', late.account, 'paid', 2)
  await license('14', late.account, 'paid', 2)

  expect((await server.call(endpoints.listDatasets, {})).data).toEqual([])
  const dataset = await server.call(endpoints.getDataset, { params: { id } })
  expect(dataset).toMatchObject({ passportId: '2', version: 1, isNewest: false, isProven: true, offer: null })
  expect(dataset.offers).toMatchObject([{ isOpen: false }])

  await server.node.db.query(sql`update licenses set status = 'delivered' where id in ('11', '13')`)
  const token = await server.tokenOf(early.account)
  const held = (await server.call(endpoints.listLicenses, { token })).data
  expect(held).toMatchObject([{ datasetId: id, version: 1, title: data[0]!.title }])
  const response = await server.request(endpoints.getContent, { params: { id }, token })
  const cipher = new Uint8Array(await response.arrayBuffer())
  expect(`0x${createHash('sha256').update(cipher).digest('hex')}`).toBe(given.version.cipherRoot)

  // Who bought the newer version has no right to this one, nor its key.
  const other = { params: { id }, token: await server.tokenOf(late.account) }
  expect(await server.refusal(endpoints.getContent, other)).toMatchObject({ code: 'license-missing' })
  const due = await server.node.db.query<DueDelivery>(selectDueDeliveries(operator, 1))
  expect(due.map((delivery) => delivery.id)).toEqual(['12'])
})

test('a version that drops those who made the dataset gets no key of ours', async () => {
  const [row] = await server.node.db.query<{ mint: MintRow }>(sql`select mint from datasets`)
  await addVersion('2', { ...row!.mint.version, sources: [] })
  await license('15', randomAccount().account, 'paid', 3)
  const due = await server.node.db.query<DueDelivery>(selectDueDeliveries(server.node.keys.operator, 1))
  expect(due.map(({ id }) => id)).toEqual(['12'])
  expect((await server.call(endpoints.listDatasets, {})).data).toEqual([])
})
