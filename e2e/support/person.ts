import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Browser, BrowserContext, Locator, Page } from 'playwright-core'
import { findFaults, SCHEMES, settleDown } from './accessibility.ts'
import type { TestNetwork } from './network.ts'
import { installWallet, type TestWallet, type WalletOptions } from './wallet.ts'

const PATIENCE_MILLISECONDS = 60_000
const DESKTOP = { width: 1280, height: 800 }

/** Somebody at a browser of their own, with what they do there. */
export interface Person {
  name: string
  /** Lower case; the zero address for somebody without a wallet. */
  account: string
  context: BrowserContext
  /** Null for somebody without a wallet of their own. */
  wallet: TestWallet | null
  page: Page
  /** Errors on the console and in the page, since the beginning. */
  problems: string[]
  /** Opens a page of the app by its path. */
  open(path: string): Promise<void>
  /** Connects the wallet announced by EIP-6963. */
  connect(): Promise<void>
  /** Signs in where a page asks for it. */
  login(button: 'Log in' | 'Sign and start'): Promise<void>
  button(name: string | RegExp): Locator
  click(name: string | RegExp): Promise<void>
  fill(label: string | RegExp, value: string): Promise<void>
  sees(text: string | RegExp): Promise<Locator>
  /** Checks the page as it stands, in light and dark; `where` names it when something is wrong. */
  look(where: string): Promise<void>
  /** Pages looked at, and what was wrong there. */
  faults: string[]
}

/** Gives somebody a browser context, and a wallet that is new and empty unless `wallet` says otherwise or is null. */
export async function invite(
  browser: Browser,
  network: TestNetwork,
  name: string,
  options: { wallet?: WalletOptions | null; viewport?: { width: number; height: number } } = {},
): Promise<Person> {
  const { viewport = DESKTOP } = options
  const context = await browser.newContext({
    viewport,
    baseURL: network.url,
    locale: 'en-US',
    colorScheme: 'light',
    reducedMotion: 'reduce',
    acceptDownloads: true,
  })
  context.setDefaultTimeout(PATIENCE_MILLISECONDS)
  const wallet =
    options.wallet === null
      ? null
      : await installWallet(context, { ...options.wallet, rpcUrl: network.rpcUrl })
  const page = await context.newPage()
  const problems: string[] = []
  page.on('console', (message) => {
    if (message.type() !== 'error') return
    problems.push(`${name} at ${page.url()}: ${message.text()} (${message.location().url})`)
  })
  page.on('pageerror', (error) => problems.push(`${name} at ${page.url()}: ${error.message}`))
  const faults: string[] = []
  const person: Person = {
    name,
    account: wallet?.account.address.toLowerCase() ?? `0x${'0'.repeat(40)}`,
    context,
    wallet,
    page,
    problems,
    faults,
    async open(path) {
      await page.goto(path)
    },
    async connect() {
      await page.getByRole('banner').getByRole('button', { name: 'Connect wallet' }).click()
      await page
        .getByRole('dialog')
        .getByRole('button', { name: /^Test Wallet/ })
        .click()
      await page.getByRole('button', { name: /^Account 0x/ }).waitFor()
    },
    async login(button) {
      await person.click(button)
      await person.button(button).waitFor({ state: 'detached' })
    },
    button: (label) => page.getByRole('button', { name: label, exact: typeof label === 'string' }),
    async click(label) {
      await person.button(label).click()
    },
    async fill(label, value) {
      await page.getByRole('textbox', { name: label, exact: typeof label === 'string' }).fill(value)
    },
    async sees(text) {
      const found = page.getByText(text).first()
      await found.waitFor()
      return found
    },
    async look(where) {
      for (const scheme of SCHEMES) {
        await page.emulateMedia({ colorScheme: scheme })
        faults.push(...(await findFaults(page)).map((fault) => `${where}, ${scheme}: ${fault}`))
      }
      await page.emulateMedia({ colorScheme: 'light' })
      await settleDown(page)
    },
  }
  return person
}

/** What the console may say without anything being wrong, and how often at most. */
export interface Excuse {
  pattern: RegExp
  most: number
}

/** A work screen learns that its campaign has closed by asking for the next task, once. */
export const CLOSED_MEANWHILE: Excuse = { pattern: /409 .*\/assignments\)$/, most: 1 }

/** A person's problems without those that have an excuse. */
export function unexcused({ problems }: Person, ...excuses: readonly Excuse[]): string[] {
  const used = new Map<Excuse, number>()
  return problems.filter((problem) => {
    const excuse = excuses.find(({ pattern }) => pattern.test(problem))
    if (excuse === undefined) return true
    used.set(excuse, (used.get(excuse) ?? 0) + 1)
    return (used.get(excuse) ?? 0) > excuse.most
  })
}

/** Pictures of what everyone had on screen when a walk failed; returns the folder they are in. */
export async function photograph(people: readonly Person[]): Promise<string> {
  const folder = process.env.TAGGER_SCREENSHOTS || join(tmpdir(), 'tagger-e2e-failed')
  await mkdir(folder, { recursive: true })
  for (const { name, page } of people) {
    const path = join(folder, `${name.replaceAll(' ', '-')}.png`)
    await page.screenshot({ path, fullPage: true }).catch(() => undefined)
  }
  return folder
}
