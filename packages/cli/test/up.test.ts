import { spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { createTagger } from '@tagger/sdk'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { walletOf } from '../src/wallets.ts'

// Real nodes and processes: slow on a busy machine, never wrong for it.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let folder: string
let url: string
let child: ReturnType<typeof spawn>
const lines: string[] = []

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-up-'))
  const main = join(import.meta.dirname, '../src/main.ts')
  const args = ['--disable-warning=ExperimentalWarning', main, 'up', '--dev', '--port', '0']
  child = spawn(process.execPath, args, {
    env: { ...process.env, TAGGER_DATA: folder, TAGGER_CHAIN_PORT: '0', TAGGER_LOG: 'error' },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  url = await new Promise<string>((resolve) => {
    createInterface(child.stdout!).on('line', (line) => {
      lines.push(line)
      resolve(line)
    })
  })
}, 300_000)

afterAll(async () => {
  if (child.exitCode === null) child.kill('SIGKILL')
  await rm(folder, { recursive: true, force: true })
})

async function until<T>(seconds: number, ask: () => Promise<T | undefined | false>): Promise<T> {
  const end = Date.now() + seconds * 1000
  for (;;) {
    const answer = await ask().catch(() => undefined)
    if (answer) return answer
    if (Date.now() > end) throw new Error(`Not within ${seconds} seconds`)
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}

test('prints the address alone on a line, and nothing else', () => {
  expect(lines).toEqual([expect.stringMatching(/^http:\/\/127\.0\.0\.1:\d+$/)])
})

test('a newcomer’s first ten answers are settled and paid within a minute', {
  timeout: 300_000,
}, async () => {
  // Another one at a second attempt: the first has answered those ten.
  const newcomer = createTagger({ url, wallet: walletOf('test', `newcomer ${Date.now()}`) })
  const campaign = await until(30, async () => {
    const { data } = await newcomer.api.listCampaigns({ query: { status: 'open' } })
    return data.find(({ isDemo, tags }) => isDemo && tags.includes('sentiment'))
  })
  const worker = await newcomer.work(campaign.id)
  const { assignments } = await worker.lease(10)
  expect(assignments).toHaveLength(10)
  const started = Date.now()
  for (const task of assignments) {
    await worker.answer(task, 'neutral')
    await new Promise((resolve) => setTimeout(resolve, 500))
  }
  await worker.flush()
  const paid = await until(70, async () => {
    const { data } = await newcomer.api.listOwnRecords({ query: { campaignId: campaign.id } })
    return data.every(({ state }) => state === 'paid') && data
  })
  expect((Date.now() - started) / 1000).toBeLessThan(65)
  expect(paid).toHaveLength(10)
  for (const { outcome } of paid) expect(outcome?.reason).toMatch(/\w/)
})

test('brings a settled campaign and a listed dataset', { timeout: 300_000 }, async () => {
  const visitor = createTagger({ url })
  const dataset = await until(100, async () => {
    const { data } = await visitor.api.listDatasets()
    return data.find(({ offer }) => offer?.isOpen)
  })
  expect(dataset).toMatchObject({ title: 'Support letters, sorted', isProven: true })
  const { data } = await visitor.api.listCampaigns({ query: { status: 'closed' } })
  expect(data.some(({ isDemo }) => isDemo)).toBe(true)
})

test('the switch in the footer stops and starts the crowd', async () => {
  const visitor = createTagger({ url })
  await visitor.api.setDemoCrowd({ body: { isRunning: false } })
  expect((await visitor.api.getNetwork()).demoCrowd).toEqual({ isRunning: false, bots: 8 })
  await visitor.api.setDemoCrowd({ body: { isRunning: true } })
  expect((await visitor.api.getNetwork()).demoCrowd?.isRunning).toBe(true)
})

test('a signal ends the node and the chain', { timeout: 300_000 }, async () => {
  const { rpcUrl } = await createTagger({ url }).network()
  child.kill('SIGINT')
  await new Promise((resolve) => child.once('close', resolve))
  expect(child.exitCode).toBe(130)
  await expect(fetch(rpcUrl!, { method: 'POST' })).rejects.toThrow()
  await expect(fetch(url)).rejects.toThrow()
})
