import { type Campaign, createTagger, type Tagger } from '@tagger/sdk'
import type { Browser } from 'playwright-core'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { launchBrowser } from './support/browser.ts'
import { startNetwork, type TestNetwork } from './support/network.ts'
import { invite, type Person, photograph, unexcused } from './support/person.ts'
import { createStory } from './support/story.ts'
import { answerByKeyboard, untilAccepted } from './support/work.ts'

const TITLE = 'Colors of things'
/** Long enough to look at a pending batch. */
const WINDOW_SECONDS = 600

let browser: Browser
let network: TestNetwork
let owner: Person
let ada: Person
let requester: Tagger
let campaign: Campaign
const everyone: Person[] = []
const step = createStory(async () => console.error(`Pictures: ${await photograph(everyone)}`))

/** Lets time pass on the chain. */
async function pass(seconds: number): Promise<void> {
  const { client } = await requester.chain()
  const request = client.request as (call: { method: string; params: unknown[] }) => Promise<unknown>
  await request({ method: 'evm_increaseTime', params: [seconds] })
  await request({ method: 'evm_mine', params: [] })
}

async function untilBatch(status: 'proposed' | 'final'): Promise<void> {
  const isThere = async () => (await campaign.batches()).some((batch) => batch.status === status)
  await vi.waitUntil(isThere, { timeout: 200_000, interval: 500 })
}

beforeAll(async () => {
  browser = await launchBrowser()
  network = await startNetwork({ settings: { TAGGER_CHALLENGE_WINDOW: String(WINDOW_SECONDS) } })
  const key = generatePrivateKey()
  const wallet = privateKeyToAccount(key)
  requester = createTagger({ url: network.url, wallet })
  await requester.api.createFaucetDrop({ body: { account: wallet.address } })
  campaign = await requester.createCampaign({
    spec: {
      title: TITLE,
      question: 'Which color?',
      labels: ['red', 'blue'],
      redundancy: { min: 2, max: 2, targetConfidence: 900_000 },
    },
    items: ['a rose', 'a brick', 'a cherry', 'a fire engine', 'a poppy'],
    basePay: 20_000n,
  })
  owner = await invite(browser, network, 'owner', { wallet: { privateKey: key } })
  ada = await invite(browser, network, 'ada')
  everyone.push(owner, ada)
  await requester.api.createFaucetDrop({ body: { account: ada.account } })
}, 500_000)

afterAll(async () => {
  await browser?.close()
  await network?.stop()
})

step('a worker sees for herself that the pending batch holds her answers', async () => {
  await ada.open(`/work/${campaign.id}`)
  await ada.connect()
  await ada.login('Sign and start')
  await answerByKeyboard(ada, () => '1', 3)
  await untilAccepted(ada)
  const ben = await createTagger({
    url: network.url,
    wallet: privateKeyToAccount(generatePrivateKey()),
  }).work(campaign.id)
  const { assignments } = await ben.lease(3)
  await ben.answerMany(assignments.map((task) => ({ task, answer: 'red' })))
  await ben.flush()
  await untilBatch('proposed')
  await ada.open(`/campaigns/${campaign.id}`)
  await ada.click('Check it')
  await ada.sees('It holds your 3 answers.')
  await ada.look('campaign, pending batch checked')
})

step('her browser keeps the receipts, and saves them', async () => {
  await pass(WINDOW_SECONDS)
  await requester.escrow.advance(campaign.id)
  await untilBatch('final')
  await ada.open(`/work/${campaign.id}`)
  await answerByKeyboard(ada, () => '1', 1)
  await untilAccepted(ada)
  await ada.open('/earnings')
  await ada.sees('This browser keeps 1 receipt')
  await ada.button(/^Claim \$/).waitFor()
  const download = ada.page.waitForEvent('download')
  await ada.click('Save receipts')
  expect((await download).suggestedFilename()).toBe('tagger-receipts.json')
})

step('the operator lets its time pass, and she registers what it signed', async () => {
  const { terms } = await campaign.read()
  const { client } = await requester.chain()
  const { timestamp } = await client.getBlock({ blockTag: 'pending' })
  await pass(terms.deadline + terms.grace - Number(timestamp) + 1)
  await requester.escrow.advance(campaign.id)
  await ada.open('/earnings')
  await ada.sees(`The operator of “${TITLE}” stopped`)
  await ada.sees(/^Register your receipt by .* to be paid \$0\.001 from the escrow\.$/)
  await ada.look('earnings, operator stopped')
  await ada.click('Register my receipt')
  await ada.sees(/^Your receipt is registered\. From .* on you can collect up to/)
  await ada.look('earnings, receipt registered')
})

step('the requester sees when the rest comes back', async () => {
  await owner.open('/earnings')
  await owner.connect()
  await owner.login('Log in')
  await owner.open(`/campaigns/${campaign.id}`)
  await owner.sees('Operator silent')
  await owner.sees(/^Workers register their receipts and are paid first\. From /)
  await owner.look('campaign, operator stopped')
})

step('once receipts are checked both take what is theirs', async () => {
  const { terms } = await campaign.read()
  await pass(terms.grace + 2 * terms.challengeWindow)
  await ada.open('/earnings')
  await ada.click('Collect')
  await ada.sees('You were paid $0.001 for your receipt.')
  await owner.open(`/campaigns/${campaign.id}`)
  await owner.click('Take back the rest')
  await owner.sees('What was left is in your wallet again.')
})

step('nothing went wrong in the consoles, and everybody can read every page', async () => {
  expect(everyone.flatMap((person) => unexcused(person))).toEqual([])
  expect(everyone.flatMap(({ faults }) => faults)).toEqual([])
})
