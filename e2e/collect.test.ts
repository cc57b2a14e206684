import type { Browser } from 'playwright-core'
import { afterAll, beforeAll, expect } from 'vitest'
import { launchBrowser } from './support/browser.ts'
import { startNetwork, type TestNetwork } from './support/network.ts'
import { CLOSED_MEANWHILE, invite, type Person, photograph, unexcused } from './support/person.ts'
import { closeCampaign, fundAndOpen, reviewAll, startReview } from './support/steps.ts'
import { createStory } from './support/story.ts'

const TITLE = 'Things you bought lately'
const GOOD = [
  'I bought a green kettle in March. It boils fast and the handle stays cool.',
  'My new bicycle lamp is small and bright. I charge it once a week at work.',
]
const POOR = 'lamp lamp lamp'

let browser: Browser
let network: TestNetwork
let requester: Person
let contributor: Person
let reviewer: Person
const everyone: Person[] = []
const step = createStory(async () => console.error(`Pictures: ${await photograph(everyone)}`))

beforeAll(async () => {
  browser = await launchBrowser()
  network = await startNetwork()
  requester = await invite(browser, network, 'collector')
  contributor = await invite(browser, network, 'contributor')
  reviewer = await invite(browser, network, 'judge')
  everyone.push(requester, contributor, reviewer)
})

afterAll(async () => {
  await browser?.close()
  await network?.stop()
})

step('a requester asks for texts in the studio', async () => {
  await requester.open('/studio/new')
  await requester.connect()
  await requester.login('Log in')
  await requester.click(/^Collect texts/)
  await requester.fill('How many do you need?', '5')
  await requester.fill('Most per person', '3')
  await requester.look('studio, what people send')
  await requester.click('Continue')
  await requester.fill('Campaign title', TITLE)
  await requester.look('studio, what counts')
  await requester.click('Continue')
  await requester.sees('Pay per piece')
  await requester.look('studio, pay per piece')
  await requester.click('Continue')
  await requester.click('Get test money')
  await fundAndOpen(requester)
})

async function send(text: string) {
  await contributor.fill('Your text', text)
  await contributor.click('Send')
}

step('a contributor sends three texts, and a copy is refused with its reason', async () => {
  const { page } = contributor
  await contributor.open('/work')
  await contributor.connect()
  await page.getByRole('link', { name: `Contribute: ${TITLE}` }).click()
  await contributor.login('Sign and start')
  await page.getByRole('checkbox', { name: /^I made this myself/ }).check()
  await contributor.look('contribute')
  const received = page.getByText('Received and signed for')
  for (const [index, text] of [...GOOD, POOR].entries()) {
    await send(text)
    await received.nth(index).waitFor()
  }
  await send(GOOD[0]!)
  await contributor.sees('Refused')
  await contributor.sees('This campaign has this content already')
  await contributor.look('contribute, four sent')
  expect(await received.count()).toBe(3)
})

step('a reviewer accepts two and says why not the third', async () => {
  await startReview(reviewer, TITLE)
  const reviewed = await reviewAll(reviewer, async (text) => {
    if (text !== POOR) return await reviewer.click('Accept')
    await reviewer.click('Reject')
    await reviewer.fill('Reason', 'One word three times says nothing.')
    await reviewer.look('review, reason')
    await reviewer.click('Reject')
  })
  expect(reviewed.sort()).toEqual([...GOOD, POOR].sort())
})

step('it settles, and the contributor sees the pay', async () => {
  await closeCampaign(requester)
  await contributor.open('/earnings')
  const row = (text: string) => contributor.page.getByRole('article').filter({ hasText: text })
  for (const text of GOOD) {
    await row(text).getByText('Claimable', { exact: true }).waitFor()
    expect(await row(text).innerText()).toMatch(/Reviewers found it acceptable[\s\S]*\$0\.\d/)
  }
  expect(await row(POOR).innerText()).toMatch(/Result: rejected[\s\S]*\$0\.01/)
  await contributor.look('earnings of a contributor')
})

step('nothing went wrong on the way', async () => {
  const refusedCopy = { pattern: /422 .*\/submissions\b/, most: 1 }
  for (const person of everyone) {
    expect(unexcused(person, CLOSED_MEANWHILE, refusedCopy)).toEqual([])
    expect([...new Set(person.faults)]).toEqual([])
  }
})
