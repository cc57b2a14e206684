import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { settleDown } from './support/accessibility.ts'
import { launchBrowser } from './support/browser.ts'
import { startNetwork, type TestNetwork } from './support/network.ts'
import { invite, type Person, photograph } from './support/person.ts'
import { createStory } from './support/story.ts'
import { answerByKeyboard, readTask, untilAccepted } from './support/work.ts'

const ANSWERS = 10
const SCREENSHOT = join(import.meta.dirname, '../docs/screenshot.png')

let browser: Browser
let network: TestNetwork
let newcomer: Person
let lastAnswer: number
const step = createStory(async () => {
  console.error(`Pictures: ${await photograph([newcomer])}\nThe network wrote:\n${network.log()}`)
})

beforeAll(async () => {
  browser = await launchBrowser()
  network = await startNetwork({ demo: true })
  newcomer = await invite(browser, network, 'newcomer', { wallet: null })
})

afterAll(async () => {
  await browser?.close()
  await network?.stop()
})

/** How somebody reads the demo's posts who does not know what their authors had in mind. */
function readPost(text: string): string {
  if (/\?$|moved|version|decimals|block time|spreadsheet|reminder/i.test(text)) return '3'
  return /sold|drain|down|gone|paused|lower|scam|unlock/i.test(text) ? '2' : '1'
}

step('one click leads to the first task within ten seconds', async () => {
  await newcomer.open('/')
  await newcomer.sees(/A campaign opened/)
  const click = Date.now()
  await newcomer.click('Try it')
  expect(await readTask(newcomer)).not.toBeNull()
  const seconds = (Date.now() - click) / 1000
  console.log(`Labeling after ${seconds.toFixed(1)} s`)
  expect(seconds).toBeLessThan(10)
})

step('ten answers by keyboard are accepted', async () => {
  const answered = await answerByKeyboard(newcomer, readPost, ANSWERS)
  lastAnswer = Date.now()
  expect(new Set(answered).size).toBe(ANSWERS)
  await untilAccepted(newcomer)
  if (process.env.UPDATE_SCREENSHOT === '1') {
    await readTask(newcomer)
    await settleDown(newcomer.page)
    await newcomer.page.screenshot({ path: SCREENSHOT })
  }
})

step('within a minute all ten are settled, explained and paid', async () => {
  const { page } = newcomer
  await newcomer.open('/earnings')
  const explained = page.getByRole('article').filter({ hasText: /You answered|This item had a known answer/ })
  const paid = explained.filter({ has: page.getByText('Paid', { exact: true }) })
  await expect.poll(() => paid.count(), { timeout: 90_000, interval: 250 }).toBe(ANSWERS)
  const seconds = (Date.now() - lastAnswer) / 1000
  console.log(`All paid ${seconds.toFixed(1)} s after the last answer`)
  for (const row of await paid.all()) expect(await row.innerText()).toMatch(/\$\d/)
  expect(seconds).toBeLessThan(60)
  await newcomer.look('earnings, paid')
})

step('nothing went wrong on the way', async () => {
  expect(newcomer.problems).toEqual([])
  expect(newcomer.faults).toEqual([])
})
