import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { findFaults, SCHEMES, settleDown } from './support/accessibility.ts'
import { launchBrowser } from './support/browser.ts'
import { startNetwork, type TestNetwork } from './support/network.ts'
import { openCampaign } from './support/open-campaign.ts'
import { CLOSED_MEANWHILE, invite, type Person, unexcused } from './support/person.ts'
import { answerByKeyboard } from './support/work.ts'

/** Where pictures of every page go; without it none are taken. */
const FOLDER = process.env.TAGGER_SCREENSHOTS || undefined
const SIZES = { desktop: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } }
const ANSWERS = 4
const SEEDED_MILLISECONDS = 120_000

let browser: Browser
let network: TestNetwork
let visitor: Person
/** Every page of the app: its name, its address, and what tells that it is all there. */
let pages: [name: string, path: string, shows: RegExp][]

beforeAll(async () => {
  if (FOLDER !== undefined) await mkdir(FOLDER, { recursive: true })
  browser = await launchBrowser()
  network = await startNetwork({ demo: true })
  visitor = await invite(browser, network, 'visitor', { wallet: null })
  const dataset = await untilSeeded()
  const { data: campaigns } = await network.api.listCampaigns({ query: {} })
  const open = campaigns.find(({ status }) => status === 'open')!
  const settled = campaigns.find(({ status }) => status === 'closed')!
  const wanted = await openCampaign(network, {
    spec: {
      title: 'Things you bought lately',
      kind: 'collect',
      instructions: 'Two to five sentences of your own. No names, nothing copied.',
      intake: { mediaTypes: ['text/plain'], maxBytes: 10_000, maxItems: 20, maxPerContributor: 5 },
      review: { reviews: 1 },
    },
    basePay: 200_000n,
  })
  await visitor.open('/')
  await visitor.click('Try it')
  await answerByKeyboard(visitor, () => '1', ANSWERS)
  const { data: batches } = await network.api.listBatches({ params: { id: settled.id } })
  const transaction = batches[0]!.finalizeTransaction!
  pages = [
    ['home', '/', /Live on this network/],
    ['work', '/work', /Crypto chat/],
    ['task', `/work/${open.id}`, /All accepted/],
    ['review', `/review/${open.id}`, /Nothing to review right now/],
    ['studio', '/studio', /No campaigns yet/],
    ['wizard', '/studio/new', /What do you need\?/],
    ['campaign-open', `/campaigns/${open.id}`, /Hidden known answers/],
    ['campaign-closed', `/campaigns/${settled.id}`, /Final/],
    ['contribute', `/contribute/${wanted}`, /What is asked for/],
    ['market', '/market', /Support letters, sorted/],
    ['dataset', `/market/${dataset}`, /Where it comes from/],
    ['licenses', '/licenses', /No licenses yet/],
    ['verify', '/verify', /How it works/],
    ['verified', `/verify?campaign=${settled.id}`, /Everything holds/],
    ['earnings', '/earnings', /Every answer, and why/],
    ['network', '/network', /Stake cools before it can be taken out/],
    ['network-disputes', '/network?part=disputes', /Batches open to challenge/],
    ['network-proposals', '/network?part=proposals', /No proposals yet/],
    ['network-parameters', '/network?part=parameters', /Votes it takes to make a proposal/],
    ['network-stakes', '/network?part=stakes', /Operator/],
    ['trust', '/trust', /Equal/],
    ['lookup', '/transactions', /Paste the hash/],
    ['transaction', `/transactions/${transaction}`, /What happened/],
    ['developers', '/developers', /TypeScript client/],
    ['nowhere', '/nowhere', /There is nothing here/],
  ]
})

afterAll(async () => {
  await browser?.close()
  await network?.stop()
})

/** Waits for the demo's dataset, the last thing it makes; returns its id. */
async function untilSeeded(): Promise<string> {
  await visitor.open('/market')
  const card = visitor.page.getByRole('link', { name: 'Support letters, sorted' })
  await card.waitFor({ timeout: SEEDED_MILLISECONDS })
  return (await card.getAttribute('href'))!.split('/').at(-1)!
}

async function photographPage(page: Page, name: string): Promise<void> {
  if (FOLDER !== undefined) await page.screenshot({ path: join(FOLDER, `${name}.png`), fullPage: true })
}

/** How far the page is wider than its window. */
async function overflow(page: Page): Promise<number> {
  return await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  )
}

for (const [size, viewport] of Object.entries(SIZES)) {
  test(`every page fits a ${size}, in light and dark, and can be used by everyone`, async () => {
    const { page } = visitor
    await page.setViewportSize(viewport)
    const wrong: string[] = []
    for (const [name, path, shows] of pages) {
      await page.goto(path)
      await page
        .getByText(shows)
        .first()
        .waitFor()
        .catch(() => wrong.push(`${name} on a ${size} does not show ${shows}`))
      await page.locator('[aria-busy=true]').first().waitFor({ state: 'detached' })
      for (const scheme of SCHEMES) {
        const where = `${name} on a ${size} in ${scheme}`
        await page.emulateMedia({ colorScheme: scheme })
        await settleDown(page)
        await photographPage(page, `${name}-${size}-${scheme}`)
        if ((await overflow(page)) > 0) wrong.push(`${where} is ${await overflow(page)} px too wide`)
        wrong.push(...(await findFaults(page)).map((fault) => `${where}: ${fault}`))
      }
      await page.emulateMedia({ colorScheme: 'light' })
    }
    expect(wrong).toEqual([])
  })
}

test('no page says anything on the console', () => {
  expect(unexcused(visitor, CLOSED_MEANWHILE)).toEqual([])
})
