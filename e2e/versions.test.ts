import { type Campaign, createTagger, type DatasetDocument, type Tagger } from '@tagger/sdk'
import type { Browser } from 'playwright-core'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { launchBrowser } from './support/browser.ts'
import { startNetwork, type TestNetwork } from './support/network.ts'
import { invite, type Person, photograph, unexcused } from './support/person.ts'
import { createStory } from './support/story.ts'

const TITLE = 'Colors of things'

let browser: Browser
let network: TestNetwork
let owner: Person
let passerby: Person
let buyer: Person
let campaign: Campaign
let first: DatasetDocument
const everyone: Person[] = []
const step = createStory(async () => console.error(`Pictures: ${await photograph(everyone)}`))

const ownerKey = generatePrivateKey()
const buyerKey = generatePrivateKey()
const workerKeys = [generatePrivateKey(), generatePrivateKey()]
const memberOf = (key: `0x${string}`) => createTagger({ url: network.url, wallet: privateKeyToAccount(key) })

/** Both workers answer two items that they have not answered yet. */
async function answer(): Promise<void> {
  for (const key of workerKeys) {
    const worker = await memberOf(key).work(campaign.id)
    const { assignments } = await worker.lease(2)
    await worker.answerMany(assignments.map((task) => ({ task, answer: 'red' })))
    await worker.flush()
  }
}

/** A campaign whose first batch is published and whose second became final since. */
async function prepare(requester: Tagger): Promise<void> {
  const account = privateKeyToAccount(ownerKey).address
  await requester.api.createFaucetDrop({ body: { account } })
  campaign = await requester.createCampaign({
    spec: {
      title: TITLE,
      question: 'Which color?',
      labels: ['red', 'blue'],
      redundancy: { min: 2, max: 2, targetConfidence: 900_000 },
    },
    items: ['a rose', 'a brick', 'a cherry', 'a fire engine'],
    basePay: 20_000n,
  })
  await answer()
  const isFinal = async () => (await campaign.batches()).some(({ status }) => status === 'final')
  await vi.waitUntil(isFinal, { timeout: 200_000, interval: 500 })
  const offer = { price: 5_000_000n, duration: 30 * 86_400, seats: 2 }
  ;({ dataset: first } = await campaign.publish({ title: TITLE, ...offer }))
  const customer = memberOf(buyerKey)
  await requester.api.createFaucetDrop({ body: { account: customer.wallet!.account } })
  const { licenseId } = await customer.purchase(first)
  await customer.waitForDelivery(licenseId)
  await customer.releaseLicense(licenseId)
  await answer()
  await campaign.close()
  await campaign.waitFor('closed', 200)
}

beforeAll(async () => {
  browser = await launchBrowser()
  network = await startNetwork()
  await prepare(memberOf(ownerKey))
  owner = await invite(browser, network, 'owner', { wallet: { privateKey: ownerKey } })
  passerby = await invite(browser, network, 'passer-by', { wallet: null })
  buyer = await invite(browser, network, 'buyer', { wallet: { privateKey: buyerKey } })
  everyone.push(owner, passerby, buyer)
}, 500_000)

afterAll(async () => {
  await browser?.close()
  await network?.stop()
})

step('a buyer renews a license at a price seen before, and shares it', async () => {
  await buyer.open('/licenses')
  await buyer.connect()
  await buyer.login('Log in')
  await buyer.sees('0 of 2 seats taken')
  await buyer.click('Renew by 30 days for $5.00')
  await buyer.sees('It lasts longer now.')
  await buyer.fill('Account', `0x${'ab'.repeat(20)}`)
  await buyer.click('Give the seat')
  await buyer.sees('1 of 2 seats taken')
  await buyer.look('licenses, a seat taken')
  await buyer.click('Take back')
  await buyer.sees('0 of 2 seats taken')
})

step('to others a dataset says nothing of newer results', async () => {
  await passerby.open(`/market/${first.id}`)
  await passerby.sees('Where it comes from')
  await expect(passerby.page.getByText('Newer results').count()).resolves.toBe(0)
})

step('its owner adds them as a new version, with one transaction', async () => {
  await owner.open(`/market/${first.id}`)
  await owner.connect()
  await owner.sees('Newer results')
  await owner.look('dataset, newer results')
  await owner.login('Log in')
  await owner.click('Add as a new version')
  await owner.page.waitForURL((url) => !url.pathname.endsWith(first.id))
  await owner.sees('#1, version 2')
  await owner.look('dataset, second version')
})

step('the version before says so, and is sold no more', async () => {
  await passerby.open(`/market/${first.id}`)
  await passerby.sees('A newer version took its place. Licenses of this one go on.')
})

step('nothing went wrong in the consoles, and everybody can read every page', async () => {
  expect(everyone.flatMap((person) => unexcused(person))).toEqual([])
  expect(everyone.flatMap(({ faults }) => faults)).toEqual([])
})
