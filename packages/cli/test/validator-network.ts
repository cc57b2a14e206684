import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { parametersAbi } from '@tagger/contracts/abi'
import { nativeCrypto } from '@tagger/node/crypto'
import { type Evidence, type Hex, payoutsTree } from '@tagger/protocol'
import type { Campaign, Chain, Tagger } from '@tagger/sdk'
import { encodeFunctionData, parseEther, toHex } from 'viem'
import { vi } from 'vitest'
import { keyOf, walletOf } from '../src/wallets.ts'
import { proposeForged, startMirror } from './hostile-operator.ts'
import { startTestNetwork, type TestNetwork } from './start-network.ts'

export const VALIDATORS = ['vera', 'viktor', 'vito'] as const
export const STAKE = parseEther('600')
/** Whom a hostile operator pays for nothing. */
export const NOBODY: Hex = `0x${'de'.repeat(20)}`
const MADE_UP = 20_000n
const WORKERS = ['ann', 'ben'] as const
/** A busy machine takes seconds to check a batch. */
const WINDOW_SECONDS = 20
const COMMIT_SECONDS = 10n

/** A line that a validator said. */
export interface Line {
  event: string
  validator: string
  campaignId?: Hex
  reason?: string
}

/** A live network, three running validators with stake, and an operator that forges. */
export interface ValidatorNetwork {
  network: TestNetwork
  /** For data of validators. */
  folder: string
  owner: Tagger
  chain: Chain
  /** Two items, answered by two workers. Too few for a batch, unless it is told: the node waits until it is closed. */
  work(title: string, minItems?: number): Promise<Campaign>
  /** Proposes with the operator's key what `forge` makes of all that was signed. */
  forge(campaign: Campaign, forge: Parameters<typeof proposeForged>[2]): Promise<void>
  /** What was said of this kind so far. */
  lines(event: string): Line[]
  /** The same once there is so much of it. */
  said(event: string, count: number): Promise<Line[]>
  start(validator: string): Promise<void>
  /** Ends it as a power cut would. */
  kill(validator: string): Promise<void>
  operatorStake(): Promise<bigint>
  /** In TAG, outside of stake. */
  heldByValidators(): Promise<bigint>
  /** Closes campaigns, has everyone paid, and compares with what the last batches of the node say they earned. */
  settle(campaigns: readonly Campaign[]): Promise<{ paid: bigint[]; earned: bigint[] }>
  close(): Promise<void>
}

/** Starts all of it. `revealSeconds`: how long votes may be revealed. */
export async function startValidatorNetwork(revealSeconds = 10n): Promise<ValidatorNetwork> {
  const folder = await mkdtemp(join(tmpdir(), 'tagger-validator-'))
  const network = await startTestNetwork({ challengeWindowSeconds: WINDOW_SECONDS })
  const mirror = await startMirror()
  const owner = await network.rich('owner')
  const chain = await owner.chain()
  const said: Line[] = []
  const running = new Map<string, { child: ChildProcess; ended: Promise<void> }>()

  async function start(validator: string): Promise<void> {
    const main = join(import.meta.dirname, '../src/main.ts')
    const sources = ['--node', network.url, '--evidence', mirror.url]
    const words = ['--disable-warning=ExperimentalWarning', main, 'validator', '--json', '--at-once', '1']
    const child = spawn(process.execPath, [...words, ...sources], {
      env: { ...process.env, TAGGER_KEY: keyOf('test', validator), TAGGER_DATA: join(folder, validator) },
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    const ended = new Promise<void>((done) => child.once('close', () => done()))
    running.set(validator, { child, ended })
    // A test that times out leaves nothing behind.
    const end = () => void child.kill('SIGKILL')
    process.once('exit', end)
    child.once('close', () => process.off('exit', end))
    const isStarted = new Promise<void>((resolve, reject) => {
      createInterface(child.stdout).on('line', (text) => {
        const line = { ...JSON.parse(text), validator }
        said.push(line)
        if (line.event === 'started') resolve()
      })
      void ended.then(() => reject(new Error(`${validator} ended`)))
    })
    await isStarted
  }

  const lines = (event: string) => said.filter((line) => line.event === event)
  const kill = async (validator: string) => {
    const { child, ended } = running.get(validator)!
    child.kill('SIGKILL')
    await ended
  }
  await shortenDisputes(chain, revealSeconds)
  const ready = VALIDATORS.map(async (name) => {
    const validator = await network.rich(name)
    await validator.stake.add(STAKE)
    await validator.stake.startValidating(STAKE)
    await start(name)
  })
  await Promise.all(ready)

  return {
    ...{ network, folder, owner, chain, lines, start, kill },
    async work(title, minItems = 3) {
      const campaign = await owner.createCampaign({
        spec: {
          ...{ title, question: 'Which color?', labels: ['red', 'blue'] },
          redundancy: { min: 2, max: 2, targetConfidence: 900_000 },
          batch: { periodSeconds: 1, minItems, maxItems: 10 },
        },
        items: ['one', 'two'],
        basePay: 20_000n,
      })
      for (const name of WORKERS) {
        const worker = await network.member(name).work(campaign.id)
        const { assignments } = await worker.lease(2)
        await worker.answerMany(assignments.map((task) => ({ task, answer: 'red' })))
        await worker.flush()
      }
      return campaign
    },
    forge: async (campaign, forge) => void (await proposeForged(network, campaign.id, forge, mirror)),
    async said(event, count) {
      await vi.waitUntil(() => lines(event).length >= count, { timeout: 180_000, interval: 100 })
      return lines(event)
    },
    async operatorStake() {
      return (await owner.stake.read((await owner.network()).operator)).staked
    },
    async heldByValidators() {
      const { tagToken } = chain.network.contracts
      const amounts = VALIDATORS.map((name) => chain.balanceOf(tagToken, walletOf('test', name).address))
      return (await Promise.all(amounts)).reduce((sum, amount) => sum + amount, 0n)
    },
    async settle(campaigns) {
      const accounts = WORKERS.map((name) => walletOf('test', name).address)
      const earned = accounts.map(() => 0n)
      for (const campaign of campaigns) await campaign.close()
      for (const campaign of campaigns) {
        await campaign.waitFor('closed', 240)
        const { data } = await owner.api.listClaims({ params: { id: campaign.id }, query: {} })
        for (const { account, amount } of data) {
          const at = accounts.findIndex((own) => own.toLowerCase() === account)
          earned[at] = earned[at]! + amount
        }
        await owner.claims.claimMany(campaign.id)
      }
      const { testUsd } = chain.network.contracts
      return {
        earned,
        paid: await Promise.all(accounts.map((account) => chain.balanceOf(testUsd!, account))),
      }
    },
    async close() {
      await Promise.all([...running.keys()].map(kill))
      await mirror.close()
      await network.close()
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** A line more in the payouts, and a total and root that go with it. */
export function payNobody(evidence: Evidence): Evidence {
  const payouts = [...evidence.payouts, { account: NOBODY, amount: MADE_UP }]
  const { root: payoutsRoot } = payoutsTree(evidence.campaignId, payouts, nativeCrypto)
  const payoutsTotal = evidence.anchor.payoutsTotal + MADE_UP
  return { ...evidence, payouts, anchor: { ...evidence.anchor, payoutsRoot, payoutsTotal } }
}

/** What an operator puts behind a campaign. */
export async function readBond({ client, network }: Chain): Promise<bigint> {
  const { parameters } = network.contracts
  return await client.readContract({ address: parameters, abi: parametersAbi, functionName: 'operatorBond' })
}

/** Shorter rounds than the local network's, set by the timelock as a vote of the governor would have it. */
async function shortenDisputes({ client, network }: Chain, revealSeconds: bigint): Promise<void> {
  const { timelock, parameters } = network.contracts
  const request = client.request as (call: { method: string; params: unknown[] }) => Promise<Hex>
  await request({ method: 'anvil_impersonateAccount', params: [timelock] })
  await request({ method: 'anvil_setBalance', params: [timelock, toHex(parseEther('1'))] })
  for (const [functionName, seconds] of [
    ['setCommitTime', COMMIT_SECONDS],
    ['setRevealTime', revealSeconds],
  ] as const) {
    const data = encodeFunctionData({ abi: parametersAbi, functionName, args: [seconds] })
    const call = { from: timelock, to: parameters, data, gas: toHex(100_000n) }
    const { status } = await client.waitForTransactionReceipt({
      hash: await request({ method: 'eth_sendTransaction', params: [call] }),
    })
    if (status !== 'success') throw new Error(`${functionName} was refused`)
  }
}
