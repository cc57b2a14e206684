import type { Browser, Locator } from 'playwright-core'
import { foundry } from 'viem/chains'
import { afterAll, beforeAll, expect } from 'vitest'
import { launchBrowser } from './support/browser.ts'
import { startNetwork, type TestNetwork } from './support/network.ts'
import { openCampaign } from './support/open-campaign.ts'
import { CLOSED_MEANWHILE, invite, type Person, photograph, unexcused } from './support/person.ts'
import { createStory } from './support/story.ts'
import type { WalletOptions } from './support/wallet.ts'
import { answerByKeyboard, untilAccepted } from './support/work.ts'

const TEXTS = ['one', 'two', 'three'].map((word) => `Number ${word}`)

let browser: Browser
let network: TestNetwork
/** With a wallet on another network, without gas. */
let stranger: Person
/** With an account made in this browser. */
let newcomer: Person
/** The same account in another browser, in a wallet that knew the network before its reset. */
let mover: Person
const everyone: Person[] = []
const step = createStory(async () => {
  console.error(`Pictures: ${await photograph(everyone)}\nThe network wrote:\n${network.log()}`)
})

async function join(name: string, wallet: WalletOptions | null): Promise<Person> {
  const person = await invite(browser, network, name, { wallet })
  everyone.push(person)
  return person
}

beforeAll(async () => {
  browser = await launchBrowser()
  network = await startNetwork()
  stranger = await join('stranger', { chainId: 1 })
  newcomer = await join('newcomer', null)
})

afterAll(async () => {
  await browser?.close()
  await network?.stop()
})

/** A campaign that settles once one person has answered everything. */
async function openQuick(title: string): Promise<string> {
  const spec = {
    title,
    question: 'Which is it?',
    labels: ['odd', 'even'],
    redundancy: { min: 1, max: 1, targetConfidence: 900_000 },
    batch: { periodSeconds: 5, minItems: 1, maxItems: 1000 },
  }
  return `/work/${await openCampaign(network, { spec, items: TEXTS, basePay: 10_000n })}`
}

async function answerEverything(person: Person): Promise<void> {
  const answered = await answerByKeyboard(person, (text) => (text.endsWith('two') ? '2' : '1'))
  expect(answered).toHaveLength(TEXTS.length)
  await untilAccepted(person)
}

/** The panel with the button that claims, once there is something to claim. */
async function untilClaimable(person: Person): Promise<Locator> {
  await person.open('/earnings')
  await person.page.getByText('Claimable', { exact: true }).first().waitFor({ timeout: 120_000 })
  return person.page
    .locator('section')
    .filter({ has: person.button('Claim') })
    .first()
}

step('a wallet on another network is told so before it signs, and has this one added', async () => {
  await stranger.open(await openQuick('Odd or even?'))
  await stranger.connect()
  await stranger.sees('Your wallet is on another network.')
  await stranger.look('another network')
  await stranger.click('Switch network')
  await stranger.page.getByText('Your wallet is on another network.').waitFor({ state: 'detached' })
  const [chain] = stranger.wallet!.added
  expect(Number(chain?.chainId)).toBe(foundry.id)
  expect(chain?.rpcUrls).toEqual([network.rpcUrl])
  expect(chain?.nativeCurrency.decimals).toBe(18)
})

step('then it signs and works', async () => {
  await stranger.login('Sign and start')
  await answerEverything(stranger)
})

step('claiming without gas brings the faucet, and one button does the rest', async () => {
  const panel = await untilClaimable(stranger)
  await stranger.click('Claim')
  await panel.getByText('Your wallet has no gas on this local network.').waitFor()
  await stranger.look('earnings, no gas')
  await panel.getByRole('button', { name: 'Get test money' }).click()
  // The panel found by its button is gone once there is nothing left to claim.
  await stranger.page.getByText('The pay is in your wallet.').waitFor()
  await stranger.look('earnings, claimed')
})

step('somebody works with an account made in the browser, and takes its key along', async () => {
  const { page } = newcomer
  await newcomer.open(await openQuick('Even or odd?'))
  await newcomer.button('Connect wallet').last().click()
  await page
    .getByRole('dialog')
    .getByRole('button', { name: /^Local test wallet/ })
    .click()
  await answerEverything(newcomer)
  await untilClaimable(newcomer)
  await newcomer.click('Export this wallet')
  await newcomer.look('export, before the key')
  await newcomer.click('Show the private key')
  const key = await page.getByRole('textbox', { name: 'Private key' }).inputValue()
  expect(key).toMatch(/^0x[0-9a-f]{64}$/)
  await newcomer.look('export')
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  mover = await join('mover', { privateKey: key as `0x${string}`, staleNonce: 9 })
})

step('in another wallet it is the same account, with the same earnings', async () => {
  await mover.open('/earnings')
  await mover.connect()
  await mover.login('Log in')
  for (const text of TEXTS) await mover.sees(text)
})

step(
  'a wallet that counts transactions of before a reset gets the way out, not a wait without end',
  async () => {
    const panel = await untilClaimable(mover)
    await mover.sees('It counts 9 transactions, this network has seen 0')
    await mover.look('earnings, stale wallet')
    await mover.click('Claim')
    await panel.getByRole('button', { name: 'Get test money' }).click()
    await panel.getByText('Your wallet remembers an earlier network').waitFor()
    mover.wallet!.forgetNonce()
    await mover.click('Claim')
    // The panel found by its button is gone once there is nothing left to claim.
    await stranger.page.getByText('The pay is in your wallet.').waitFor()
    await mover.page.getByText('Your wallet remembers').first().waitFor({ state: 'detached' })
  },
)

step('nothing went wrong on the way', async () => {
  for (const person of everyone) {
    expect(unexcused(person, CLOSED_MEANWHILE)).toEqual([])
    expect([...new Set(person.faults)]).toEqual([])
  }
})
