import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { launchBrowser } from './support/browser.ts'
import { startNetwork, type TestNetwork } from './support/network.ts'

let browser: Browser
let network: TestNetwork
let page: Page
let car: Buffer

beforeAll(async () => {
  browser = await launchBrowser()
  network = await startNetwork({ demo: true })
  page = await browser.newPage()
  car = await vi.waitFor(
    async () => {
      const { data } = await network.api.listCampaigns({ query: { status: 'closed' } })
      const batches = await network.api.listBatches({ params: { id: data[0]!.id } })
      const response = await fetch(`${network.url}/api/v1/batches/${batches.data[0]!.hash}/bundle`)
      return Buffer.from(await response.arrayBuffer())
    },
    { timeout: 120_000, interval: 1000 },
  )
})

afterAll(async () => {
  await browser?.close()
  await network?.stop()
})

async function choose(buffer: Buffer): Promise<void> {
  await page.goto(`${network.url}/verify`)
  const chooser = page.waitForEvent('filechooser')
  await page.getByRole('button', { name: 'Choose files' }).click()
  await (await chooser).setFiles({ name: 'evidence.car', mimeType: 'application/vnd.ipld.car', buffer })
}

test('an evidence file from disk verifies in the browser', async () => {
  await choose(car)
  await page.getByText('Everything holds').waitFor()
})

test('a changed one is refused, naming the answer', async () => {
  const changed = Buffer.from(car)
  changed[changed.lastIndexOf('praise')]! ^= 1
  await choose(changed)
  await page.getByText('Something does not hold').waitFor()
  expect(await page.locator('main').innerText()).toContain('payload-mismatch')
})
