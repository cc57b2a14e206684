import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { launchBrowser } from './support/browser.ts'
import { startNetwork, type TestNetwork } from './support/network.ts'
import { openCampaign } from './support/open-campaign.ts'
import { invite, type Person, photograph, unexcused } from './support/person.ts'
import { createStory } from './support/story.ts'
import { answerByKeyboard, untilAccepted } from './support/work.ts'

const TEXTS = ['one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight'].map((word) => `Number ${word}`)
const RECORDS = '**/api/v1/campaigns/*/records'

let browser: Browser
let network: TestNetwork
let worker: Person
let id: `0x${string}`
const given: string[] = []
const step = createStory(async () => console.error(`Pictures: ${await photograph([worker])}`))

beforeAll(async () => {
  browser = await launchBrowser()
  network = await startNetwork()
  id = await openCampaign(network, {
    spec: { title: 'Odd or even', question: 'Which is it?', labels: ['odd', 'even'] },
    items: TEXTS,
    basePay: 10_000n,
  })
  worker = await invite(browser, network, 'worker')
})

afterAll(async () => {
  await browser?.close()
  await network?.stop()
})

const recordsAtNode = async () => (await network.api.getProgress({ params: { id } })).records

step('answers given with the network are accepted', async () => {
  await worker.open(`/work/${id}`)
  await worker.connect()
  await worker.login('Sign and start')
  given.push(...(await answerByKeyboard(worker, () => '1', 2)))
  await untilAccepted(worker)
  expect(await recordsAtNode()).toBe(2)
})

step('those given without it are shown as not accepted yet', async () => {
  await worker.context.setOffline(true)
  await worker.sees('You are offline.')
  given.push(...(await answerByKeyboard(worker, () => '2', 3)))
  await worker.sees('3 answers not accepted yet')
  expect(await recordsAtNode()).toBe(2)
  await worker.look('work screen, offline')
})

step('they are still there after a reload while the node takes nothing', async () => {
  await worker.context.route(RECORDS, (route) => route.abort())
  await worker.context.setOffline(false)
  await worker.page.reload()
  await worker.sees('3 answers not accepted yet')
  expect(await recordsAtNode()).toBe(2)
})

step('once it does, they are accepted, and nothing twice', async () => {
  await worker.context.unroute(RECORDS)
  await untilAccepted(worker)
  expect(await recordsAtNode()).toBe(given.length)
  given.push(...(await answerByKeyboard(worker, () => '1')))
  await untilAccepted(worker)
  expect([...given].sort()).toEqual([...TEXTS].sort())
  expect(await recordsAtNode()).toBe(TEXTS.length)
  await worker.open('/earnings')
  for (const text of TEXTS) expect(await (await worker.sees(text)).count()).toBe(1)
})

step('nothing else went wrong', async () => {
  const cut = { pattern: /ERR_INTERNET_DISCONNECTED|ERR_FAILED|ERR_NETWORK/, most: Number.POSITIVE_INFINITY }
  expect(unexcused(worker, cut)).toEqual([])
  expect(worker.faults).toEqual([])
})
