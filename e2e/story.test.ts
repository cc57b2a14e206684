import { readFile } from 'node:fs/promises'
import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { launchBrowser } from './support/browser.ts'
import { startNetwork, type TestNetwork } from './support/network.ts'
import { CLOSED_MEANWHILE, invite, type Person, photograph, unexcused } from './support/person.ts'
import { closeCampaign, fundAndOpen, reviewAll, startReview } from './support/steps.ts'
import { createStory } from './support/story.ts'
import { answerByKeyboard, finishTask, readTask, untilAccepted } from './support/work.ts'

const TITLE = 'How do our buyers feel?'
const KEYS = { Positive: '1', Neutral: '2', Negative: '3' }
type Label = keyof typeof KEYS

/** What a careful reader says of the studio's sample. */
const TRUTH: readonly (readonly [start: string, label: Label])[] = [
  ['The delivery came', 'Positive'],
  ['It works.', 'Neutral'],
  ['Third lamp', 'Negative'],
  ['The colour', 'Neutral'],
  ['I cook with it', 'Positive'],
  ['Support answered', 'Negative'],
  ['Arrived on Tuesday', 'Neutral'],
  ['Great sound', 'Negative'],
  ['My daughter', 'Positive'],
  ['The zipper', 'Negative'],
]
const truthOf = (text: string): Label => {
  const found = TRUTH.find(([start]) => text.startsWith(start))
  if (found === undefined) throw new Error(`The sample has changed: “${text}”`)
  return found[1]
}
/** The second worker reads these two another way. */
const disagrees = (text: string) => /^(Great sound|The colour)/.test(text)

let browser: Browser
let network: TestNetwork
let requester: Person
let ada: Person
let ben: Person
let reviewer: Person
let buyer: Person
const everyone: Person[] = []
const step = createStory(async () => console.error(`Pictures: ${await photograph(everyone)}`))

let campaignPath: string
let datasetPath: string

beforeAll(async () => {
  browser = await launchBrowser()
  network = await startNetwork()
  const join = async (name: string) => {
    const person = await invite(browser, network, name)
    everyone.push(person)
    return person
  }
  requester = await join('requester')
  ada = await join('ada')
  ben = await join('ben')
  reviewer = await join('reviewer')
  buyer = await join('buyer')
})

afterAll(async () => {
  await browser?.close()
  await network?.stop()
})

step('a requester connects and gets test money with one button', async () => {
  await requester.open('/')
  await requester.sees('Live on this network')
  await requester.look('home')
  await requester.connect()
  await requester.open('/earnings')
  await requester.login('Log in')
  await requester.click('Get test money')
  await requester.sees('Test money is on its way')
  await requester.sees('$10,000.00')
  await requester.look('earnings of a new account')
})

step('makes a campaign from the sample in the studio', async () => {
  const { page } = requester
  await page.getByRole('link', { name: 'Studio', exact: true }).first().click()
  await requester.sees('No campaigns yet')
  await requester.look('studio, empty')
  await page.getByRole('link', { name: 'New campaign' }).first().click()
  await requester.sees('What do you need?')
  await requester.look('studio, template')
  await requester.click(/^Sentiment of texts/)
  await requester.click('Use a sample CSV')
  await requester.sees('10 rows')
  await requester.look('studio, data')
  await requester.click('Continue')
  await requester.fill('Campaign title', TITLE)
  await requester.look('studio, question')
  await requester.click('Continue')
  await requester.sees('How sure, and for how much?')
  await requester.fill('Fewest answers per item', '2')
  await requester.fill('Most answers per item', '2')
  await requester.fill('Reviews', '1')
  await requester.sees('You put in')
  await requester.look('studio, quality and pay')
  await requester.click('Continue')
  await requester.sees('The operator has signed these terms')
  await requester.look('studio, fund')
})

step('and funds it with one signature and one transaction', async () => {
  campaignPath = await fundAndOpen(requester)
  await requester.sees('The first answers draw the line.')
  await requester.look('campaign, just opened')
})

async function startWork(person: Person) {
  await person.open('/work')
  await person.connect()
  await person.sees(TITLE)
  await person.look('work feed')
  await person.page.getByRole('link', { name: `Start: ${TITLE}` }).click()
  await person.sees('Two signatures, then no more pop-ups')
  await person.look('work, before signing')
  await person.login('Sign and start')
}

step('a worker answers everything by keyboard, takes one back and answers it again', async () => {
  await startWork(ada)
  const { page } = ada
  await readTask(ada)
  await ada.look('work screen')
  await page.keyboard.press('i')
  await ada.sees('Shortcuts')
  await ada.look('work, instructions')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  let isFirst = true
  const answered = await answerByKeyboard(
    ada,
    (text) => {
      if (!isFirst) return KEYS[truthOf(text)]
      isFirst = false
      return truthOf(text) === 'Positive' ? KEYS.Negative : KEYS.Positive
    },
    1,
  )
  await page.keyboard.press('u')
  await ada.sees('Answer again. Your new answer replaces the old one.')
  expect(await readTask(ada)).toBe(answered[0])
  await finishTask(ada, () => page.keyboard.press(KEYS[truthOf(answered[0]!)]))
  answered.push(...(await answerByKeyboard(ada, (text) => KEYS[truthOf(text)])))
  expect(new Set(answered).size).toBe(TRUTH.length)
  await untilAccepted(ada)
  await ada.sees('Nothing left for you here, for now')
  await ada.look('work, nothing left')
})

step('a second worker disagrees about two of them', async () => {
  await startWork(ben)
  const answered = await answerByKeyboard(ben, (text) =>
    disagrees(text) ? KEYS.Positive : KEYS[truthOf(text)],
  )
  expect(answered).toHaveLength(TRUTH.length)
  await untilAccepted(ben)
})

step('a reviewer decides those', async () => {
  const { page } = reviewer
  await startReview(reviewer, TITLE)
  const reviewed = await reviewAll(reviewer, async (text) => {
    const label = truthOf(text)
    const choice = page.getByRole('group', { name: 'Choose the right answer' })
    const proposed = page.getByText('Proposed answer')
    if (await proposed.isVisible()) {
      const answer = await proposed.locator('xpath=following-sibling::strong').innerText()
      if (answer === label) return await reviewer.click('Accept')
      await reviewer.click('Fix')
    }
    await choice.getByRole('button', { name: label }).click()
  })
  expect(reviewed.filter(disagrees)).toHaveLength(2)
})

step('the requester closes, and the last batch becomes final on the live page', async () => {
  await requester.sees('How sure')
  await requester.look('campaign, answered')
  await closeCampaign(requester)
  await requester.sees(`${TRUTH.length} of ${TRUTH.length} items settled`)
})

async function claim(person: Person) {
  await person.open('/earnings')
  if (await isAsked(person)) await person.login('Log in')
  // A wallet of one's own starts without gas.
  await person.click('Get test money')
  await person.sees('Test money is on its way')
  await person.page.getByText('Paid', { exact: true }).first().waitFor()
  await person.click('Claim')
  await person.sees('1 payment:')
}

/** Whether the page asks to log in. */
async function isAsked(person: Person): Promise<boolean> {
  await person.button('Log in').or(person.button('Get test money')).first().waitFor()
  return await person.button('Log in').isVisible()
}

step('a worker claims and reads the transaction in words', async () => {
  const { page } = ada
  await claim(ada)
  await ada.sees('which is also the result')
  await ada.look('earnings, paid')
  await page.getByText('1 payment:').getByRole('link', { name: /^0x/ }).click()
  await ada.sees('Campaigns · Claim')
  await page.getByText('Done', { exact: true }).waitFor()
  const amount = /Claimed[\s\S]*Amount\s+\$?([\d.,]+)/.exec(await page.locator('main').innerText())?.[1]
  expect(Number(amount?.replaceAll(',', ''))).toBeGreaterThan(0)
  await ada.look('transaction')
  await claim(ben)
})

step('the requester publishes the dataset', async () => {
  const { page } = requester
  await requester.click('Publish dataset')
  await requester.fill('Description', 'Ten reviews of things bought online, each read by two people.')
  await requester.fill('Price of a license', '12')
  await requester.look('publish dialog')
  await requester.click('Publish and offer')
  await page.waitForURL(/\/market\/.+/)
  datasetPath = new URL(page.url()).pathname
  await requester.sees('Proven origin')
  await requester.sees('This is your dataset.')
  await requester.look('dataset, own')
})

step('a buyer licenses it, and downloads what the passport promises', async () => {
  const { page } = buyer
  await buyer.open('/earnings')
  await buyer.connect()
  await buyer.login('Log in')
  await buyer.click('Get test money')
  await buyer.sees('$10,000.00')
  await page.getByRole('link', { name: 'Market', exact: true }).first().click()
  await buyer.sees('Proven origin')
  await buyer.look('market')
  await page.getByRole('link', { name: TITLE }).click()
  await buyer.sees('Where it comes from')
  await buyer.look('dataset')
  await buyer.click('Buy license')
  await buyer.click('Buy license: $12.00')
  await buyer.sees('You hold a license.')
  await page.getByRole('link', { name: 'Open my licenses' }).click()
  await buyer.click('Download and check')
  await buyer.sees('Opened with your key. Its hash is the one in the passport.')
  await buyer.look('licenses')
  const saved = page.waitForEvent('download')
  await buyer.click(/^Save file/)
  const rows = (await readFile(await (await saved).path(), 'utf8')).trim().split('\n')
  expect(rows.length).toBeGreaterThanOrEqual(TRUTH.length - 3)
  for (const row of rows) expect(() => JSON.parse(row)).not.toThrow()
})

step('and recomputes it in the browser, counting along', async () => {
  const { page } = buyer
  await buyer.open(datasetPath)
  const link = page.getByRole('link', { name: 'Recompute it here' })
  await link.waitFor()
  await page.evaluate(() => {
    const counts: string[] = []
    Object.assign(window, { counts })
    new MutationObserver(() => {
      const text = /\d+ of \d+ answers checked/.exec(document.body.innerText)?.[0]
      if (text !== undefined && counts.at(-1) !== text) counts.push(text)
    }).observe(document.body, { subtree: true, childList: true, characterData: true })
  })
  await link.click()
  await buyer.sees('Everything holds')
  const counts = await page.evaluate(() => (window as unknown as { counts: string[] }).counts)
  expect(counts.length).toBeGreaterThan(0)
  await buyer.look('verified')
})

step('those who answered claim their part of the sale', async () => {
  for (const person of [ada, ben]) {
    await person.open('/earnings')
    await person.click('Claim revenue')
    await person.button('Claim revenue').waitFor({ state: 'detached' })
    await person.sees('$0.00')
  }
  await ada.look('earnings, with revenue')
})

step('the requester takes back the rest', async () => {
  await requester.open(campaignPath)
  await requester.click('Take back the rest')
  await requester.button('Take back the rest').waitFor({ state: 'detached' })
  await requester.look('campaign, refunded')
})

step('the books agree with the chain, and what went in is what came out and is held', async () => {
  const { ok, campaigns } = await network.api.getReconciliation()
  expect(ok).toBe(true)
  expect(campaigns).toHaveLength(1)
  const { funded, payoutsTotal, claimed, fees, refunded } = campaigns[0]!.chain
  expect(funded).toBeGreaterThan(0n)
  expect(claimed).toBeGreaterThan(0n)
  expect(payoutsTotal).toBeGreaterThanOrEqual(claimed)
  // The reviewer has not claimed yet: that alone is held.
  expect(funded).toBe(payoutsTotal + fees + refunded)
  expect(refunded).toBeGreaterThan(0n)
  await requester.open('/trust')
  await requester.sees('Equal')
  await requester.look('trust')
})

step('nothing went wrong on any console, and every page can be used by everyone', async () => {
  for (const person of everyone) {
    expect(unexcused(person, CLOSED_MEANWHILE)).toEqual([])
  }
  expect([...new Set(everyone.flatMap(({ faults }) => faults))]).toEqual([])
})
