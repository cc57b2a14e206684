import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Campaign, Tagger } from '@tagger/sdk'
import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { keyOf, walletOf } from '../src/wallets.ts'
import { COLORS } from './colors.ts'
import { runTagger } from './run-tagger.ts'
import { startTestNetwork, type TestNetwork } from './start-network.ts'

// Real nodes, processes and clocks: a dispute takes a minute.
vi.setConfig({ testTimeout: 400_000, hookTimeout: 300_000 })

let network: TestNetwork
let folder: string
let campaign: Campaign
let validator: Tagger
let challenger: Tagger

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-govern-'))
  network = await startTestNetwork()
  validator = await network.rich('validator')
  challenger = await network.rich('challenger')
  const owner = await network.rich('owner')
  campaign = await owner.createCampaign({
    spec: COLORS,
    items: ['one', 'two'],
    basePay: 20_000n,
  })
}, 300_000)

afterAll(async () => {
  await network?.close()
  await rm(folder, { recursive: true, force: true })
})

const tagger = async (name: string, ...words: string[]) => {
  const ran = await runTagger([...words, '--node', network.url, '--json'], {
    env: { TAGGER_KEY: keyOf('test', name) },
  })
  expect(ran.code, ran.stderr).toBe(0)
  return ran.json()
}

test('stake is added, locked to validate, taken out after its wait', async () => {
  await tagger('validator', 'stake', 'add', '950')
  await tagger('validator', 'stake', 'validate', '900')
  await tagger('validator', 'stake', 'cool', '12.5')
  const state = await tagger('validator', 'stake')
  expect(state).toMatchObject({
    staked: String(parseEther('937.5')),
    validating: String(parseEther('900')),
    cooling: String(parseEther('12.5')),
    free: String(parseEther('37.5')),
  })
  const early = await runTagger(['stake', 'withdraw', '--node', network.url], {
    env: { TAGGER_KEY: keyOf('test', 'validator') },
  })
  expect(early.code).toBe(1)
  expect(early.stderr).toMatch(/Withdrawing stake/)
})

test('a pending batch is challenged, voted on, upheld, and its campaign goes on', async () => {
  for (const name of ['ann', 'ben']) {
    const worker = await network.member(name).work(campaign.id)
    const { assignments } = await worker.lease(2)
    await worker.answerMany(assignments.map((task) => ({ task, answer: 'red' })))
    await worker.flush()
  }
  await vi.waitUntil(async () => (await campaign.batches()).some(({ status }) => status === 'proposed'), {
    timeout: 200_000,
    interval: 200,
  })
  // Not by a process of its own: its window is ten seconds.
  const { disputeId } = await challenger.disputes.challenge(campaign.id, 'to be sure')
  const votes = ['--votes', join(folder, 'votes.json')]
  await tagger('validator', 'vote', 'commit', disputeId, '--valid', ...votes)
  expect(await tagger('validator', 'vote', 'show', disputeId)).toMatchObject({ outcome: 'open', round: 1 })

  const { commitEnds, revealEnds } = await validator.disputes.read(disputeId)
  const until = async (seconds: number) => {
    await vi.waitUntil(() => Date.now() > (seconds + 1) * 1_000, { timeout: 120_000, interval: 200 })
  }
  await until(commitEnds)
  await tagger('validator', 'vote', 'reveal', disputeId, ...votes)
  await until(revealEnds)
  await tagger('validator', 'vote', 'count', disputeId)
  const dispute = await validator.disputes.read(disputeId)
  expect(dispute).toMatchObject({ outcome: 'upheld', validWeight: parseEther('900'), invalidWeight: 0n })

  const before = await validator
    .chain()
    .then((chain) => chain.balanceOf(chain.network.contracts.tagToken, walletOf('test', 'validator').address))
  await tagger('validator', 'vote', 'settle', disputeId)
  const chain = await validator.chain()
  const after = await chain.balanceOf(chain.network.contracts.tagToken, walletOf('test', 'validator').address)
  // Half of the challenger's bond.
  expect(after - before).toBe(parseEther('50'))
  expect((await validator.stake.read()).engaged).toBe(0n)
  await vi.waitUntil(async () => (await campaign.batches()).some(({ status }) => status === 'final'), {
    timeout: 200_000,
    interval: 500,
  })
})

test('says what is wrong', async () => {
  const env = { TAGGER_KEY: keyOf('test', 'validator') }
  const run = (...words: string[]) => runTagger([...words, '--node', network.url], { env })
  expect((await run('stake', 'add', 'much')).stderr).toContain('"much" is not an amount of TAG')
  expect((await run('vote', 'commit', `0x${'1'.repeat(64)}`)).stderr).toContain('either --valid or --invalid')
  expect((await run('vote', 'show', `0x${'1'.repeat(64)}`)).stderr).toContain('There is no dispute')
  expect((await run('challenge', '0x12', '--reason', 'x')).stderr).toContain('not the id of a campaign')
  const settled = await run('challenge', `0x${'2'.repeat(64)}`, '--reason', 'x')
  expect(settled.stderr).toContain('no pending batch')
})
