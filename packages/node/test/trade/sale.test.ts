import { generateKeyPairSync } from 'node:crypto'
import { licensesAbi, passportsAbi } from '@tagger/contracts/abi'
import { decryptContent, fromHex, type Hex, openSealedKey, toHex } from '@tagger/protocol'
import { endpoints } from '@tagger/protocol/wire'
import { encodeFunctionData } from 'viem'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { sql } from '../../src/db/sql.ts'
import { openAlarms } from '../../src/network/alarms.ts'
import { reconcile, reconciliationRoutes } from '../../src/network/reconciliation.ts'
import { headerStruct, termsStruct } from '../../src/settle/calls.ts'
import { startSettlement } from '../../src/settle/jobs.ts'
import { sha256 } from '../../src/trade/content.ts'
import { deliverDue } from '../../src/trade/deliver.ts'
import { startDelivery } from '../../src/trade/jobs.ts'
import type { MintRow } from '../../src/trade/queries.ts'
import { tradeRoutes } from '../../src/trade/routes.ts'
import { createTestNode, randomAccount, type TestNode } from '../harness.ts'
import {
  approveCall,
  batchesOf,
  campaignCall,
  claimAllCall,
  dollarsOf,
  noPermit,
  openCall,
  until,
  verifyStaged,
} from '../settle/on-chain.ts'
import { StagedCampaign } from '../settle/staged-campaign.ts'

const FUNDS = 50_000_000n
const PRICE = 40_000_000n
let server: TestNode
let campaign: StagedCampaign
let stop: () => Promise<unknown>
const buyer = randomAccount()
const oneTime = generateKeyPairSync('ec', { namedCurve: 'P-256' })

beforeAll(async () => {
  server = await createTestNode({ chain: true, rooms: [tradeRoutes, reconciliationRoutes] })
  const { node } = server
  const jobs = [startSettlement(node), startDelivery(node)]
  stop = () => Promise.all(jobs.map((job) => job.stop()))
  campaign = new StagedCampaign(node, { items: 8 })
  await campaign.accept()
  const { privateKey, account } = campaign.requester
  await node.chain.faucet!(account)
  await node.chain.faucet!(buyer.account)
  await server.send(privateKey, approveCall(node, node.chain.contracts.campaigns, FUNDS))
  await server.send(privateKey, openCall(campaign, FUNDS))
})
afterAll(async () => {
  await stop?.()
  await server?.close()
})

/** What a buyer who looks now means to buy. */
async function newestHash(passportId: string): Promise<Hex> {
  const { client, contracts } = server.node.chain
  const { hash } = await client.readContract({
    address: contracts.passports,
    abi: passportsAbi,
    functionName: 'newest',
    args: [BigInt(passportId)],
  })
  return hash
}

test('work is settled on chain, everybody is paid, the rest goes back', async () => {
  await campaign.answer(campaign.items)
  await until('a pending batch', async () => (await batchesOf(campaign))[0]?.status === 'proposed')
  await server.send(campaign.requester.privateKey, campaignCall(campaign, 'close'))
  await until('the closing batch', async () => (await batchesOf(campaign))[1]?.status === 'final')
  expect(await campaign.statusOf(campaign.items[0]!)).toBe('settled')
  expect(await verifyStaged(campaign)).toMatchObject({ ok: true, batches: 2, items: 8, records: 24 })

  await server.send(buyer.privateKey, await claimAllCall(campaign))
  await server.send(buyer.privateKey, campaignCall(campaign, 'refund'))
  await until('the fees', async () => {
    const [row] = await server.node.db.query<{ fees_paid: string }>(sql`select fees_paid from campaigns`)
    return row!.fees_paid !== '0'
  })
  const [ledger] = await server.node.db.query<Record<string, string>>(sql`select * from campaigns`)
  expect(ledger!.claimed).toBe(ledger!.payouts_total)
  const out = BigInt(ledger!.claimed!) + BigInt(ledger!.fees_paid!) + BigInt(ledger!.refunded!)
  expect(out).toBe(FUNDS)
  expect(await dollarsOf(server.node, server.node.chain.contracts.campaigns)).toBe(0n)
  const { ok, campaigns } = await server.call(endpoints.getReconciliation, {})
  expect(ok).toBe(true)
  expect(campaigns).toMatchObject([{ id: campaign.id, isEqual: true }])
}, 180_000)

test('a dataset is minted, sold, its key delivered to the buyer alone, and contributors get their share', async () => {
  const { node } = server
  const { licenses, passports, testUsd } = node.chain.contracts
  const { privateKey, account } = campaign.requester
  const token = await server.tokenOf(account)
  const body = { title: 'Pairs', description: '' }
  const dataset = await server.call(endpoints.createDataset, { params: { id: campaign.id }, body, token })
  const { version, proofs } = dataset.mint
  const mint = encodeFunctionData({
    abi: passportsAbi,
    functionName: 'mint',
    args: [
      version,
      proofs.map(({ terms, header }) => ({ terms: termsStruct(terms), header: headerStruct(header) })),
    ],
  })
  await server.send(privateKey, { to: passports, data: mint })
  const minted = await server.call(endpoints.getDataset, { params: { id: dataset.id } })
  expect(minted).toMatchObject({ passportId: '1', isProven: true, owner: account })

  const offer = {
    passportId: 1n,
    token: testUsd!,
    price: PRICE,
    duration: 0n,
    seats: 0,
    deliverWithin: 600n,
    isExclusive: false,
    isTransferable: true,
    mayDerive: false,
    rightsHash: version.rightsHash,
    deliverer: node.keys.operator,
    nonce: 1n,
  }
  await server.send(privateKey, {
    to: licenses,
    data: encodeFunctionData({ abi: licensesAbi, functionName: 'createOffer', args: [offer] }),
  })
  await server.send(buyer.privateKey, approveCall(node, licenses, PRICE))
  const jwk = oneTime.publicKey.export({ format: 'jwk' })
  const point = Buffer.concat([
    Buffer.from([4]),
    Buffer.from(jwk.x!, 'base64url'),
    Buffer.from(jwk.y!, 'base64url'),
  ])
  await server.send(buyer.privateKey, {
    to: licenses,
    data: encodeFunctionData({
      abi: licensesAbi,
      functionName: 'purchase',
      args: [offer, await newestHash('1'), PRICE, toHex(new Uint8Array(point)), noPermit],
    }),
  })
  const buyerToken = await server.tokenOf(buyer.account)
  const ownLicenses = async () => (await server.call(endpoints.listLicenses, { token: buyerToken })).data
  await until('the key', async () => (await ownLicenses())[0]?.status === 'delivered')

  const [license] = await ownLicenses()
  const secret = Buffer.from(oneTime.privateKey.export({ format: 'jwk' }).d!, 'base64url')
  const { keyHash } = version
  const sealed = fromHex(license!.sealedKey!)
  const key = openSealedKey({ secret: new Uint8Array(secret), sealed, keyHash })
  const response = await server.request(endpoints.getContent, {
    params: { id: dataset.id },
    token: buyerToken,
  })
  const content = decryptContent(key, new Uint8Array(await response.arrayBuffer()))
  expect(sha256(content)).toBe(version.contentRoot)

  expect(license!.bought).toEqual(version)
  await until('the release', async () => (await ownLicenses())[0]?.inspectUntil === null)
  const worker = campaign.workers[0]!.account
  const shares = () => server.call(endpoints.listShares, { params: { account: worker } })
  const [share] = (await shares()).data
  expect(share).toMatchObject({ passportId: '1', version: 1, claimed: 0n, claimable: share!.share })
  const before = await dollarsOf(node, worker)
  await server.send(buyer.privateKey, {
    to: licenses,
    data: encodeFunctionData({
      abi: licensesAbi,
      functionName: 'claimShare',
      args: [testUsd!, 1n, BigInt(share!.version), share!.sold, headerStruct(share!.header), share!.claim],
    }),
  })
  expect((await dollarsOf(node, worker)) - before).toBe(share!.share)
  expect((await shares()).data[0]).toMatchObject({ claimed: share!.share, claimable: 0n })
  const sold = await server.call(endpoints.getDataset, { params: { id: dataset.id } })
  const pool = (((PRICE * 9_750n) / 10_000n) * 2_000n) / 10_000n
  expect(sold.revenue).toMatchObject([{ sold: PRICE, contributors: pool }])
  expect(sold.offer).toMatchObject({ price: PRICE, sales: 1, isOpen: true })
})

test('a version added since is not bought unseen, and takes nothing from who licensed the one before', async () => {
  const { node } = server
  const { licenses, passports } = node.chain.contracts
  const buyerToken = await server.tokenOf(buyer.account)
  const [license] = (await server.call(endpoints.listLicenses, { token: buyerToken })).data
  const seen = await server.call(endpoints.getDataset, { params: { id: license!.datasetId! } })
  const worthless = { ...seen.minted!, contentRoot: sha256(new Uint8Array([1])) }
  const looked = await newestHash('1')
  await server.send(campaign.requester.privateKey, {
    to: passports,
    data: encodeFunctionData({
      abi: passportsAbi,
      functionName: 'addVersion',
      args: [1n, seen.minted!, worthless, []],
    }),
  })
  const [row] = await node.db.query<{ offer: Record<string, string> }>(
    sql`select offer from offers where id = ${license!.offerId}`,
  )
  const point = await node.db.query<{ key: Hex }>(sql`select buyer_public_key as key from licenses`)
  const purchase = node.chain.client.simulateContract({
    account: buyer.account,
    address: licenses,
    abi: licensesAbi,
    functionName: 'purchase',
    args: [row!.offer as never, looked, PRICE, point[0]!.key, noPermit],
  })
  await expect(purchase).rejects.toThrow('NotNewestVersion')

  const after = await server.call(endpoints.getDataset, { params: { id: seen.id } })
  expect(after).toMatchObject({ version: 1, isNewest: false, offer: null })
  expect((await server.call(endpoints.listDatasets, {})).data).toEqual([])
  const bought = license!.bought!
  const secret = Buffer.from(oneTime.privateKey.export({ format: 'jwk' }).d!, 'base64url')
  const sealed = fromHex(license!.sealedKey!)
  const key = openSealedKey({ secret: new Uint8Array(secret), sealed, keyHash: bought.keyHash })
  const response = await server.request(endpoints.getContent, { params: { id: seen.id }, token: buyerToken })
  const content = decryptContent(key, new Uint8Array(await response.arrayBuffer()))
  expect(sha256(content)).toBe(bought.contentRoot)
  const { data } = await server.call(endpoints.listShares, {
    params: { account: campaign.workers[0]!.account },
  })
  expect(data).toMatchObject([{ passportId: '1', datasetId: seen.id }])
})

test('a passport of someone else over the same content gets no key of ours', async () => {
  const { node } = server
  const { licenses, passports, testUsd } = node.chain.contracts
  const [row] = await node.db.query<{ mint: MintRow }>(sql`select mint from datasets`)
  await server.send(buyer.privateKey, {
    to: passports,
    data: encodeFunctionData({
      abi: passportsAbi,
      functionName: 'mint',
      args: [{ ...row!.mint.version, sources: [] }, []],
    }),
  })
  const offer = {
    passportId: 2n,
    token: testUsd!,
    price: 0n,
    duration: 0n,
    seats: 0,
    deliverWithin: 600n,
    isExclusive: false,
    isTransferable: true,
    mayDerive: false,
    rightsHash: toHex(new Uint8Array(32)),
    deliverer: node.keys.operator,
    nonce: 1n,
  }
  await server.send(buyer.privateKey, {
    to: licenses,
    data: encodeFunctionData({ abi: licensesAbi, functionName: 'createOffer', args: [offer] }),
  })
  const jwk = oneTime.publicKey.export({ format: 'jwk' })
  const point = Buffer.concat([
    Buffer.from([4]),
    Buffer.from(jwk.x!, 'base64url'),
    Buffer.from(jwk.y!, 'base64url'),
  ])
  await server.send(buyer.privateKey, {
    to: licenses,
    data: encodeFunctionData({
      abi: licensesAbi,
      functionName: 'purchase',
      args: [offer, await newestHash('2'), 0n, toHex(new Uint8Array(point)), noPermit],
    }),
  })
  await deliverDue(node)
  const paid = await node.db.query(sql`select id from licenses where status = 'paid'`)
  const queued = await node.db.query(sql`select id from outbox where purpose = 'deliver'`)
  expect(paid).toEqual([{ id: '2' }])
  expect(queued).toEqual([{ id: 'deliver:1' }])
})

test('a ledger that differs from the chain raises an alarm', async () => {
  await server.node.db.query(sql`update campaigns set claimed = claimed - 1`)
  const { ok, campaigns } = await server.call(endpoints.getReconciliation, {})
  expect(ok).toBe(false)
  expect(campaigns[0]!.chain.claimed - campaigns[0]!.ledger.claimed).toBe(1n)
  expect((await openAlarms(server.node.db)).map(({ id }) => id)).toEqual(['reconciliation'])
  await server.node.db.query(sql`update campaigns set claimed = claimed + 1`)
  await reconcile(server.node)
  expect(await openAlarms(server.node.db)).toEqual([])
})
