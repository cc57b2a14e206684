import { createTagger } from '@tagger/sdk'
import type { Browser, Locator } from 'playwright-core'
import { createWalletClient, erc20Abi, http, parseEther } from 'viem'
import { generatePrivateKey, type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, vi } from 'vitest'
import { launchBrowser } from './support/browser.ts'
import { startNetwork, type TestNetwork } from './support/network.ts'
import { openCampaign } from './support/open-campaign.ts'
import { invite, type Person, photograph, unexcused } from './support/person.ts'
import { createStory } from './support/story.ts'

const TITLE = 'Odd or even'
/** Long enough to look at a batch, to verify and to challenge it. */
const WINDOW_SECONDS = 120
const REASON = 'The second item says even, and everybody answered odd.'
/** Out of the faucet's 1000: with it a fifth of all validator stake votes, and some stays free. */
const [STAKED, LOCKED, COOLED] = ['980', '900', '30']
/** Above four of a hundred of all TAG: what a proposal takes. */
const QUORUM = parseEther('17000000000')

let browser: Browser
let network: TestNetwork
let validator: Person
let challenger: Person
/** With as much TAG as a proposal takes. */
let holder: Person
let passerby: Person
let campaignId: `0x${string}`
let copyOfVote: string
const everyone: Person[] = []
const step = createStory(async () => {
  console.error(`Pictures: ${await photograph(everyone)}\nThe network wrote:\n${network.log()}`)
})

beforeAll(async () => {
  browser = await launchBrowser()
  network = await startNetwork({ settings: { TAGGER_CHALLENGE_WINDOW: String(WINDOW_SECONDS) } })
  validator = await invite(browser, network, 'validator')
  challenger = await invite(browser, network, 'challenger')
  const holderKey = generatePrivateKey()
  holder = await invite(browser, network, 'holder', { wallet: { privateKey: holderKey } })
  passerby = await invite(browser, network, 'passer-by', { wallet: null })
  everyone.push(validator, challenger, holder, passerby)
  await stakeQuorum(privateKeyToAccount(holderKey))
  campaignId = await openCampaign(network, {
    spec: {
      title: TITLE,
      question: 'Which is it?',
      labels: ['odd', 'even'],
      redundancy: { min: 1, max: 1, targetConfidence: 900_000 },
      batch: { periodSeconds: 5, minItems: 1, maxItems: 1000 },
    },
    items: ['one', 'two', 'three'],
    basePay: 20_000n,
  })
})

afterAll(async () => {
  await browser?.close()
  await network?.stop()
})

/** The local chain's first account, unlocked, holds what the faucet has not given. */
async function stakeQuorum(wallet: PrivateKeyAccount): Promise<void> {
  const tagger = createTagger({ url: network.url, wallet })
  const { client, network: known } = await tagger.chain()
  const giver = createWalletClient({ transport: http(network.rpcUrl) })
  const [account] = await giver.getAddresses()
  const hash = await giver.writeContract({
    account: account!,
    chain: null,
    address: known.contracts.tagToken,
    abi: erc20Abi,
    functionName: 'transfer',
    args: [wallet.address, QUORUM],
  })
  await client.waitForTransactionReceipt({ hash })
  await network.api.createFaucetDrop({ body: { account: wallet.address } })
  await tagger.stake.add(QUORUM)
}

/** A part of the page by its heading. */
function part({ page }: Person, name: string): Locator {
  return page.getByRole('region', { name, exact: true })
}

/** Fills in an amount in one of the boxes of one's own stake, and sends it. */
async function stake(person: Person, box: string, amount: string, button: string): Promise<void> {
  await part(person, box).getByRole('textbox', { name: 'Amount' }).fill(amount)
  await part(person, box).getByRole('button', { name: button, exact: true }).click()
}

/** Goes to a part of the page that is open already, as people do. */
async function turnTo({ page }: Person, name: string): Promise<void> {
  await page.getByRole('navigation', { name: 'Parts of this page' }).getByText(name).click()
}

step('whoever looks around reads what stake is for and what it can cost', async () => {
  await passerby.open('/')
  await passerby.page.getByRole('contentinfo').getByRole('link', { name: 'Network' }).click()
  await passerby.sees(/A vote costs 5% of its weight when it is not revealed/)
  await passerby.sees('Connect a wallet to go on')
  await passerby.look('network, nobody')
  await turnTo(passerby, 'Batches & disputes')
  await passerby.sees('No open disputes')
  await passerby.sees('No batch waits right now')
  await turnTo(passerby, 'Proposals')
  await passerby.sees('No proposals yet')
  await turnTo(passerby, 'Who stakes')
  await passerby.page.getByText('Validator', { exact: true }).nth(2).waitFor()
})

step('a holder of TAG stakes, becomes a validator, and begins to take some out', async () => {
  await validator.open('/network')
  await validator.connect()
  await validator.login('Log in')
  await validator.click('Get test money')
  await validator.sees(/1,000 TAG in your wallet/)
  const amount = part(validator, 'Stake').getByRole('textbox', { name: 'Amount' })
  await amount.fill('1001')
  await validator.sees('There are only 1,000 TAG.')
  await stake(validator, 'Stake', STAKED, 'Stake')
  await validator.sees('It is at stake.')
  await part(validator, 'Become a validator').getByRole('textbox', { name: 'Amount' }).fill('50')
  await validator.sees('A validator locks 100 TAG at least.')
  await stake(validator, 'Become a validator', LOCKED, 'Lock')
  await validator.sees('You are a validator.')
  await stake(validator, 'Begin to take out', COOLED, 'Begin cooling')
  await validator.sees('It is cooling.')
  await validator.sees(/(min|sec) left/)
  await validator.look('network, own stake')
})

step('a batch that waits is verified in the browser before it is final', async () => {
  const worker = createTagger({ url: network.url, wallet: privateKeyToAccount(generatePrivateKey()) })
  const work = await worker.work(campaignId)
  const { assignments } = await work.lease(3)
  await work.answerMany(assignments.map((task) => ({ task, answer: 'odd' })))
  await work.flush()
  const isProposed = async () =>
    (await worker.campaign(campaignId).batches()).some(({ status }) => status === 'proposed')
  await vi.waitUntil(isProposed, { timeout: 120_000, interval: 500 })
  await challenger.open('/network?part=disputes')
  await challenger.connect()
  await challenger.sees(TITLE)
  await challenger.look('network, a batch')
  await challenger.page.getByRole('link', { name: 'Verify in this browser' }).click()
  await challenger.sees('Everything holds')
})

step('somebody challenges it, and reads before signing what that may cost', async () => {
  await network.api.createFaucetDrop({ body: { account: challenger.account } })
  await challenger.open('/network?part=disputes')
  await challenger.click('Challenge')
  const dialog = challenger.page.getByRole('dialog')
  await challenger.login('Log in')
  await dialog.getByText('Your bond is lost.', { exact: true }).waitFor()
  await expect(dialog.getByRole('button', { name: /^Challenge with/ }).isDisabled()).resolves.toBe(true)
  await dialog.getByRole('textbox', { name: 'What did you find?' }).fill(REASON)
  await challenger.look('network, challenge')
  await dialog.getByRole('button', { name: 'Challenge with 100 TAG' }).click()
  await challenger.sees(/The batch is in dispute/)
  await challenger.page.keyboard.press('Escape')
  await challenger.sees(REASON)
  await challenger.sees('Operator, requester and challenger have no vote in their own dispute.')
})

step('the validator commits a vote that this browser keeps, and saves a copy', async () => {
  await turnTo(validator, 'Batches & disputes')
  await validator.sees(REASON)
  await validator.sees(/Your vote weighs 900 TAG. Voting locks 45 TAG of it/)
  await validator.sees(/kept in this browser before anything is sent/)
  await validator.look('network, to vote')
  await validator.click('It holds')
  await validator.sees('You voted “It holds”. Nobody else can know yet.')
  const download = validator.page.waitForEvent('download')
  await validator.click('Save a copy')
  copyOfVote = await (await download).path()
  await validator.look('network, committed')
})

step('meanwhile they propose to change a number, inside its bounds', async () => {
  await turnTo(validator, 'Parameters')
  await validator.sees('Time to commit a vote in a dispute')
  await validator.look('network, parameters')
  await validator.page.getByRole('link', { name: 'Propose: Time to commit a vote in a dispute' }).click()
  await validator.fill('New value', '5')
  await validator.sees('The least is 10 seconds.')
  await validator.fill('New value', '45')
  await validator.fill('Why', 'Thirty seconds are too few for a person who reads.')
  await validator.look('network, to propose')
  await validator.click('Make the proposal')
  await validator.sees('The proposal is made.')
  await validator.page
    .getByRole('heading', { name: 'Set “Time to commit a vote in a dispute” to 45 seconds' })
    .waitFor()
})

step('a browser that lost the vote gets it back from the copy, and reveals it in time', async () => {
  const { page } = validator
  await page.evaluate(() => {
    for (const key of Object.keys(localStorage)) if (/vote:/.test(key)) localStorage.removeItem(key)
  })
  await turnTo(validator, 'Batches & disputes')
  await validator.sees(/If it is not revealed in time, it costs 45 TAG/)
  await validator.look('network, vote lost')
  const chooser = page.waitForEvent('filechooser')
  await validator.click('Bring back a saved copy')
  await (await chooser).setFiles(copyOfVote)
  await validator.click('Reveal “It holds”')
  await validator.sees('You voted “It holds”.')
  await validator.look('network, revealed')
})

step('the proposal is voted on, by one who alone reaches the quorum too', async () => {
  await turnTo(validator, 'Proposals')
  await validator.sees('Open to votes')
  await validator.sees(/You have 950 TAG here/)
  await validator.look('network, proposal')
  await validator.click('For')
  await validator.sees('You voted: For.')
  await holder.open('/network?part=proposals')
  await holder.connect()
  await holder.click('Vote')
  await holder.login('Log in')
  await holder.sees(/It takes 16,215,232,000 TAG, for or abstaining/)
  await holder.click('For')
  await holder.sees('17,000,000,950 TAG')
})

step('anybody counts the votes: the batch stands, and the vote is settled with its reward', async () => {
  await turnTo(challenger, 'Batches & disputes')
  await challenger.click('Count the votes')
  await challenger.sees('The batch stands')
  await turnTo(validator, 'Batches & disputes')
  await validator.click('Settle my vote')
  await validator.sees('Your vote is settled.')
  await validator.page.getByText('1 vote', { exact: true }).click()
  await validator.sees('got 50 TAG')
  await validator.look('network, ended')
})

step('what has cooled is taken out', async () => {
  await turnTo(validator, 'My stake')
  const out = part(validator, 'Take out').getByRole('button', { name: 'Take out' })
  await out.and(validator.page.locator(':enabled')).click({ timeout: 180_000 })
  // 1000 − 980 + 30 cooled + 50 rewarded.
  await validator.sees('100 TAG in your wallet')
})

step('what was accepted waits, and is carried out by anybody', async () => {
  await holder.sees('Accepted')
  await holder.look('network, accepted')
  await holder.click('Put in the queue')
  await holder.sees('Waits to be done')
  await holder.click('Carry it out')
  await holder.sees('It is done.')
  await turnTo(holder, 'Parameters')
  await holder.page.getByText('45 seconds', { exact: true }).waitFor()
  await turnTo(holder, 'Who stakes')
  await holder.page.getByText('you', { exact: true }).waitFor()
  await holder.look('network, who stakes')
})

step('nothing went wrong in the consoles, and everybody can read every page', async () => {
  expect(everyone.flatMap((person) => unexcused(person))).toEqual([])
  expect(everyone.flatMap(({ faults }) => faults)).toEqual([])
})
