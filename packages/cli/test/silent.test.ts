import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { campaignsAbi, stakingAbi } from '@tagger/contracts/abi'
import { type Address, batchHashOf, type Hex, pureCrypto, type Terms, toHex, ZERO32 } from '@tagger/protocol'
import {
  type Campaign,
  type Chain,
  createChain,
  createWallet,
  memoryStore,
  onChainHeader,
  onChainTerms,
  readChainFacts,
  type Tagger,
} from '@tagger/sdk'
import { folderStore } from '@tagger/sdk/folder-store'
import { privateKeyToAccount } from 'viem/accounts'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { keyOf, walletOf } from '../src/wallets.ts'
import { COLORS } from './colors.ts'
import { runTagger } from './run-tagger.ts'
import { startTestNetwork, type TestNetwork } from './start-network.ts'

// Real nodes and processes: slow on a busy machine, never wrong for it.
vi.setConfig({ testTimeout: 400_000, hookTimeout: 300_000 })

const BASE_PAY = 20_000n
const ITEMS = 6
/** Time enough to start a process, on a busy machine too. */
const WINDOW_SECONDS = 120
/** Nobody answers there. */
const GONE = 'http://127.0.0.1:9'

/** Has the chain that all share, and nothing to do with the campaign. */
let network: TestNetwork
let operatorKey: Hex
let folder: string
let chain: Chain
let campaign: Campaign
let terms: Terms
let owed: Record<'ann' | 'ben', bigint>

const accountOf = (name: string) => walletOf('test', name).address.toLowerCase() as Address
const pathOf = (name: string) => join(folder, name)
const balanceOf = (account: Address) => chain.balanceOf(terms.token, account)
const escrowBalance = () => balanceOf(chain.network.contracts.campaigns)

/** The command line of somebody for whom no node answers. */
async function run(name: string, receipts: string, ...words: string[]) {
  return await runTagger([...words, '--node', GONE, '--receipts', pathOf(receipts), '--json'], {
    env: { TAGGER_KEY: keyOf('test', name) },
  })
}

async function tagger(name: string, receipts: string, ...words: string[]) {
  const ran = await run(name, receipts, ...words)
  expect(ran.code, ran.stderr).toBe(0)
  return ran.json()
}

/** Lets time pass on the chain. */
async function pass(seconds: number): Promise<void> {
  const request = chain.client.request as (call: { method: string; params: unknown[] }) => Promise<unknown>
  await request({ method: 'evm_increaseTime', params: [seconds] })
  await request({ method: 'evm_mine', params: [] })
}

async function untilBatch(status: 'proposed' | 'final'): Promise<void> {
  await vi.waitUntil(async () => (await campaign.batches()).some((batch) => batch.status === status), {
    timeout: 200_000,
    interval: 300,
  })
}

async function answer(worker: Awaited<ReturnType<Tagger['work']>>, items: readonly Hex[]): Promise<void> {
  const { assignments } = await worker.lease(items.length, { items })
  expect(assignments).toHaveLength(items.length)
  await worker.answerMany(assignments.map((task) => ({ task, answer: 'red' })))
  await worker.flush()
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-silent-'))
  network = await startTestNetwork()
  for (const name of ['ann', 'ben', 'owner', 'other']) await network.rich(name)
  const { rpcUrl } = await network.member('ann').network()
  const contractsFile = join(network.folder, 'contracts.json')
  const operator = await startTestNetwork({
    rpcUrl,
    contractsFile,
    challengeWindowSeconds: WINDOW_SECONDS,
  })
  try {
    const secrets = JSON.parse(await readFile(join(operator.folder, 'keys.json'), 'utf8'))
    operatorKey = secrets.operator
    const owner = operator.member('owner', { kept: folderStore(pathOf('owner')) })
    chain = await owner.chain()
    campaign = await owner.createCampaign({
      spec: COLORS,
      items: Array.from({ length: ITEMS }, (_, index) => `item ${index}`),
      basePay: BASE_PAY,
    })
    terms = (await campaign.read()).terms
    const saved = memoryStore()
    const ann = await operator.member('ann', { kept: folderStore(pathOf('ann')) }).work(campaign.id)
    const ben = operator.member('ben', { kept: saved })
    const bensWork = await ben.work(campaign.id)
    const { assignments } = await ann.lease(ITEMS)
    const items = assignments.map(({ item }) => item)
    await ann.release(assignments)
    await answer(ann, items.slice(0, 2))
    await answer(bensWork, items.slice(0, 2))
    await untilBatch('proposed')
    await pass(WINDOW_SECONDS)
    await ben.escrow.advance(campaign.id)
    await untilBatch('final')
    await operator.member('ann').claims.claim(campaign.id)
    // One answer each of two: nothing more is settled before the node is gone.
    await answer(ann, items.slice(2, 4))
    await answer(bensWork, items.slice(4, 6))
    // He has not claimed what is final when the node goes, but keeps the proof.
    await ben.escrow.keepClaims()
    await writeFile(pathOf('ben.json'), await ben.escrow.save())
    const owedTo = (worker: typeof ann) => worker.state().receipt!.owedAtLeast
    owed = { ann: owedTo(ann), ben: owedTo(bensWork) }
  } finally {
    await operator.close()
  }
}, 400_000)

afterAll(async () => {
  await network?.close()
  await rm(folder, { recursive: true, force: true })
})

test('receipts outlive the node, with all it takes to use them', async () => {
  expect(await tagger('ann', 'ann', 'receipt', 'list')).toMatchObject([
    { campaignId: campaign.id, count: 4, title: 'Colors', owedAtLeast: owed.ann.toString() },
  ])
  expect(await tagger('ben', 'ben.json', 'receipt', 'list')).toMatchObject([{ count: 4 }])
  expect(await tagger('ann', 'ann', 'receipt', 'show', campaign.id)).toMatchObject({
    status: 'open',
    steps: { next: { for: 'silence', until: terms.deadline + terms.grace } },
  })
})

test('while the operator has time, there is nothing to take', async () => {
  for (const [words, said] of [
    [['receipt', 'register'], 'no receipt to register now'],
    [['receipt', 'collect'], 'Nothing can be collected'],
    [['campaign', 'advance'], 'Nothing is due'],
    [['campaign', 'contest'], 'no pending batch'],
  ] as const) {
    const { code, stderr } = await run('ann', 'ann', ...words, campaign.id)
    expect([code, stderr]).toEqual([1, expect.stringContaining(said)])
    expect(stderr).toContain('falls silent')
  }
  const unknown = await run('other', 'nothing', 'receipt', 'show', campaign.id)
  expect(unknown.stderr).toContain('Any other node of the same network')
})

test('a batch that leaves out a receipt is contested, dropped, and costs half the bond', async () => {
  const { headers } = await readChainFacts(chain.client, chain.deployment, campaign.id)
  const last = headers.at(-1)!
  const operator = createChain({
    network: chain.network,
    wallet: createWallet(privateKeyToAccount(operatorKey)),
  })
  const { timestamp } = await chain.client.getBlock({ blockTag: 'pending' })
  const header = {
    ...last,
    previous: batchHashOf(last),
    index: headers.length,
    cutAt: Number(timestamp),
    // Nobody is in it.
    recordsRoot: ZERO32,
    bundle: toHex(pureCrypto.sha256(new Uint8Array())),
  }
  await operator.write({
    what: 'Proposing',
    address: chain.network.contracts.campaigns,
    abi: campaignsAbi,
    functionName: 'propose',
    args: [onChainTerms(terms), onChainHeader(header), last.payoutsRoot],
  })
  await tagger('ann', 'ann', 'campaign', 'contest', campaign.id)
  expect((await run('ann', 'ann', 'campaign', 'contest', campaign.id)).code).toBe(1)
  await pass(2 * terms.challengeWindow + 1)
  await tagger('ann', 'ann', 'campaign', 'advance', campaign.id)
  const credit = await chain.client.readContract({
    address: chain.network.contracts.staking,
    abi: stakingAbi,
    functionName: 'credits',
    args: [accountOf('ann')],
  })
  const { bond } = await chain.client.readContract({
    address: chain.network.contracts.campaigns,
    abi: campaignsAbi,
    functionName: 'campaigns',
    args: [campaign.id],
  })
  expect([credit, bond > 0n]).toEqual([bond / 2n, true])
})

test('past deadline and grace receipts are registered, from a folder and from a saved file', async () => {
  const { timestamp } = await chain.client.getBlock({ blockTag: 'pending' })
  await pass(terms.deadline + terms.grace - Number(timestamp) + 1)
  const evidence = pathOf('evidence.cbor')
  const words = ['receipt', 'register', campaign.id, '--evidence', evidence]
  const registered = await tagger('ann', 'ann', ...words)
  expect(registered).toMatchObject({
    worth: owed.ann.toString(),
    evidence: toHex(pureCrypto.sha256(new Uint8Array(await readFile(evidence)))),
  })
  const before = await balanceOf(accountOf('ben'))
  expect(await tagger('ben', 'ben.json', 'receipt', 'register', campaign.id)).toMatchObject({
    worth: owed.ben.toString(),
    evidence: expect.stringMatching(/^0x(?!0{64})/),
  })
  // What was final was claimed on the way.
  expect((await balanceOf(accountOf('ben'))) - before).toBe(owed.ben - 2n * terms.floorPay)
  const again = await run('ann', 'ann', 'receipt', 'register', campaign.id)
  expect(again.stderr).toContain('registered already')
  const early = await run('ann', 'ann', 'receipt', 'collect', campaign.id)
  expect(early.stderr).toContain('Receipts are checked until')
  expect((await run('owner', 'owner', 'campaign', 'refund', campaign.id)).code).toBe(1)
})

test('once they are checked everyone gets what is theirs, and nothing stays behind', async () => {
  await pass(terms.grace + 2 * terms.challengeWindow - 2)
  const before = { ann: await balanceOf(accountOf('ann')), owner: await balanceOf(accountOf('owner')) }
  // Waits for the last seconds, moves the campaign on, and collects.
  const collected = await tagger('ann', 'ann', 'receipt', 'collect', campaign.id, '--wait')
  const due = 2n * terms.floorPay
  expect(collected).toMatchObject({ amount: due.toString() })
  expect((await balanceOf(accountOf('ann'))) - before.ann).toBe(due)
  await tagger('ben', 'ben.json', 'receipt', 'collect', campaign.id)
  expect((await run('ann', 'ann', 'receipt', 'collect', campaign.id)).stderr).toContain('paid already')

  await tagger('other', 'owner', 'campaign', 'fees', campaign.id)
  const rest = await escrowBalance()
  expect(rest).toBeGreaterThan(0n)
  await tagger('owner', 'owner', 'campaign', 'refund', campaign.id)
  expect((await balanceOf(accountOf('owner'))) - before.owner).toBe(rest)
  expect(await escrowBalance()).toBe(0n)
})
