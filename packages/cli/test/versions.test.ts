import { licensesAbi } from '@tagger/contracts/abi'
import { fromHex, type Hex, sealKey, toHex } from '@tagger/protocol'
import type { Campaign, Tagger } from '@tagger/sdk'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { keyOf, walletOf } from '../src/wallets.ts'
import { COLORS } from './colors.ts'
import { runTagger } from './run-tagger.ts'
import { startTestNetwork, type TestNetwork } from './start-network.ts'

// Real nodes and processes: slow on a busy machine, never wrong for it.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

const PRICE = 10_000_000n
let network: TestNetwork
let owner: Tagger
let buyer: Tagger
let campaign: Campaign
let first: Awaited<ReturnType<Campaign['publish']>>['dataset']
let licenseId: bigint

beforeAll(async () => {
  network = await startTestNetwork()
  owner = await network.rich('owner')
  buyer = await network.rich('buyer')
  campaign = await owner.createCampaign({
    spec: COLORS,
    items: Array.from({ length: 4 }, (_, index) => `item ${index}`),
    basePay: 20_000n,
  })
})
afterAll(() => network?.close())

/** Two workers answer this many items that none of them has answered yet. */
async function answer(count: number): Promise<void> {
  for (const name of ['ann', 'ben']) {
    const worker = await network.member(name).work(campaign.id)
    const { assignments } = await worker.lease(count)
    await worker.answerMany(assignments.map((task) => ({ task, answer: 'red' })))
    await worker.flush()
  }
}

async function untilFinal(batches: number): Promise<void> {
  await vi.waitUntil(
    async () => (await campaign.batches()).filter(({ status }) => status === 'final').length >= batches,
    { timeout: 200_000, interval: 500 },
  )
}

const linesOf = (content: Uint8Array) => new TextDecoder().decode(content).trimEnd().split('\n').length

test('a dataset of the first batch is published and licensed', async () => {
  await answer(2)
  await untilFinal(1)
  ;({ dataset: first } = await campaign.publish({ title: 'Colors', price: PRICE }))
  expect(first).toMatchObject({ version: 1, isNewest: true, hasNewerResults: false })
  ;({ licenseId } = await buyer.purchase(first))
  const { content, license } = await buyer.download(licenseId)
  expect(linesOf(content)).toBe(first.items)
  expect(license.inspectUntil).not.toBeNull()
})

test('a right key cannot be disputed, and nothing is published by trying', async () => {
  await expect(buyer.disputeDelivery(licenseId)).rejects.toMatchObject({ code: 'conflict' })
  await buyer.releaseLicense(licenseId)
})

test('without newer results there is no version to add', async () => {
  await expect(owner.addVersion(first)).rejects.toMatchObject({ code: 'nothing-to-settle' })
})

test('`tagger dataset add-version` adds newer results to the passport', async () => {
  await answer(2)
  await campaign.close()
  await campaign.waitFor('closed', 240)
  const env = { TAGGER_KEY: keyOf('test', 'owner') as Hex, TAGGER_URL: network.url }
  expect((await runTagger(['dataset', 'add-version', 'nonsense'], { env })).stderr).toContain('not the id')
  await vi.waitUntil(async () => (await owner.api.getDataset({ params: { id: first.id } })).hasNewerResults, {
    timeout: 30_000,
    interval: 300,
  })
  const stranger = { ...env, TAGGER_KEY: keyOf('test', 'buyer') as Hex }
  expect((await runTagger(['dataset', 'add-version', first.id], { env: stranger })).stderr).toContain(
    'Only the requester',
  )
  const added = await runTagger(['dataset', 'add-version', first.id, '--title', 'More colors', '--json'], {
    env,
  })
  expect(added.code, added.stderr).toBe(0)
  expect(added.json()).toMatchObject({ passportId: first.passportId, version: 2 })

  const second = await owner.api.getDataset({ params: { id: added.json().id } })
  expect(second).toMatchObject({ title: 'More colors', isNewest: true, version: 2, hasNewerResults: false })
  expect(second.items).toBeGreaterThan(first.items)
  expect(await owner.api.getDataset({ params: { id: first.id } })).toMatchObject({
    isNewest: false,
    version: 1,
    offer: null,
  })
})

test('who looked at the version before does not buy the new one unseen', async () => {
  await expect(buyer.purchase(first)).rejects.toMatchObject({
    code: 'transaction-failed',
    data: { error: 'NotNewestVersion' },
  })
})

test('each license opens the version it was bought for, and each version pays its own people', async () => {
  const { data } = await owner.api.listDatasets({})
  const second = await owner.api.getDataset({ params: { id: data[0]!.id } })
  const { licenseId: newer } = await buyer.purchase(second)
  expect(linesOf((await buyer.download(newer)).content)).toBe(second.items)
  expect(linesOf((await buyer.download(licenseId)).content)).toBe(first.items)
  await buyer.releaseLicense(newer)

  const ann = network.member('ann')
  const shares = async () => (await ann.api.listShares({ params: { account: ann.wallet!.account } })).data
  await vi.waitUntil(async () => (await shares()).length === 2, { timeout: 60_000, interval: 300 })
  expect((await shares()).map(({ version }) => version)).toEqual([1, 2])
  expect(await buyer.claims.claimShares(ann.wallet!.account)).toHaveLength(2)
  expect((await shares()).map(({ claimable }) => claimable)).toEqual([0n, 0n])
})

test('a wrong key is shown to the contract, and the price comes back', async () => {
  const { data } = await owner.api.listDatasets({})
  const dataset = await owner.api.getDataset({ params: { id: data[0]!.id } })
  const chain = await owner.chain()
  const { licenses } = chain.network.contracts
  const [given] = dataset.offers
  const offer = {
    ...given!,
    passportId: BigInt(given!.passportId),
    token: given!.token.address,
    duration: 60n,
    deliverWithin: 600n,
    deliverer: owner.wallet!.account,
    nonce: 7n,
  }
  await chain.write({
    what: 'Offering',
    address: licenses,
    abi: licensesAbi,
    functionName: 'createOffer',
    args: [offer],
  })
  const offered = await vi.waitUntil(
    async () => {
      const now = await owner.api.getDataset({ params: { id: dataset.id } })
      return now.offers.some(({ duration }) => duration === 60) && now
    },
    { timeout: 30_000, interval: 300 },
  )
  const offerId = offered.offers.find(({ duration }) => duration === 60)!.id
  const before = await balanceOf(buyer)
  const { licenseId: wrong } = await buyer.purchase(offered, { offerId })
  const license = async () => (await buyer.api.listLicenses()).data.find(({ id }) => id === wrong.toString())!
  const { buyerPublicKey } = await vi.waitUntil(license, { timeout: 30_000, interval: 300 })
  const sealed = sealKey({
    publicKey: fromHex(buyerPublicKey, 65),
    contentKey: new Uint8Array(32),
    ephemeralSecret: new Uint8Array(32).fill(1),
  })
  await chain.write({
    what: 'Delivering',
    address: licenses,
    abi: licensesAbi,
    functionName: 'deliver',
    args: [wrong, toHex(sealed)],
  })
  await expect(buyer.download(wrong)).rejects.toMatchObject({
    code: 'not-delivered',
    data: { fault: 'key' },
  })
  await buyer.disputeDelivery(wrong)
  await buyer.claims.withdraw(offered.offers[0]!.token.address)
  expect(await balanceOf(buyer)).toBe(before)
  await vi.waitUntil(async () => (await license()).status === 'refunded', { timeout: 30_000, interval: 300 })
})

test('a license that ends is renewed by as much again, and its owner gives its seats to others', async () => {
  const { data } = await owner.api.listDatasets({})
  const lasting = { title: data[0]!.title, price: PRICE, duration: 3_600, seats: 1 }
  const { dataset } = await campaign.publish(lasting)
  const offerId = dataset.offers.find(({ duration }) => duration === 3_600)!.id
  const { licenseId: lent } = await buyer.purchase(dataset, { offerId })
  await buyer.waitForDelivery(lent)
  expect((await buyer.licenseTerms(lent)).renewal).toBeNull()
  await buyer.releaseLicense(lent)
  const env = { TAGGER_KEY: keyOf('test', 'buyer') as Hex, TAGGER_URL: network.url }
  const run = (...words: string[]) => runTagger(['dataset', ...words, '--json'], { env })

  const before = (await run('license', lent.toString())).json()
  expect(before).toMatchObject({ renewal: { price: PRICE.toString(), seconds: 3_600 }, seats: 1, taken: [] })
  const spent = await balanceOf(buyer)
  const renewed = await run('renew', lent.toString(), '--periods', '2')
  expect(renewed.code, renewed.stderr).toBe(0)
  expect(renewed.json().expiresAt).toBe(before.expiresAt + 2 * 3_600)
  expect(spent - (await balanceOf(buyer))).toBe(2n * PRICE)

  const [ann, ben] = ['ann', 'ben'].map((name) => walletOf('test', name).address.toLowerCase())
  expect((await run('take-seat', lent.toString(), ann!)).json().taken).toEqual([ann])
  expect((await run('take-seat', lent.toString(), ben!)).stderr).toContain('no seat left')
  expect((await run('free-seat', lent.toString(), ann!)).json().taken).toEqual([])
  expect((await run('take-seat', lent.toString(), 'ann')).stderr).toContain('is not an account')
  expect((await run('license', '999')).stderr).toContain('There is no license 999')
})

async function balanceOf(tagger: Tagger): Promise<bigint> {
  const chain = await tagger.chain()
  return await chain.balanceOf(first.offers[0]!.token.address, tagger.wallet!.account)
}
