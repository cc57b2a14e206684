import { type Hex, TaggerError } from '@tagger/protocol'
import { createTagger, type Tagger } from '@tagger/sdk'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { walletOf } from '../src/wallets.ts'
import { COLORS } from './colors.ts'
import { askTheCrowd } from './readme-snippet.ts'
import { startTestNetwork, type TestNetwork } from './start-network.ts'

// Real nodes and processes: slow on a busy machine, never wrong for it.
vi.setConfig({ testTimeout: 300_000, hookTimeout: 300_000 })

let network: TestNetwork
let campaignId: Hex

beforeAll(async () => {
  network = await startTestNetwork()
  const requester = await network.rich('requester')
  const campaign = await requester.createCampaign({
    spec: { ...COLORS, redundancy: { ...COLORS.redundancy, max: 3 } },
    items: Array.from({ length: 30 }, (_, index) => `item ${index}`),
    basePay: 20_000n,
  })
  campaignId = campaign.id
}, 300_000)

afterAll(() => network?.close())

async function codeOf(attempt: Promise<unknown>): Promise<string> {
  const error = await attempt.then(
    () => null,
    (cause) => cause,
  )
  if (!(error instanceof TaggerError)) throw new Error(`Expected a TaggerError, got ${error}`)
  return error.code
}

async function chainOf(tagger: Tagger) {
  return (await tagger.api.getChain({ params: { id: campaignId } })).head
}

test('answers become records on the worker’s chain, with a receipt', async () => {
  const ann = network.member('ann')
  const worker = await ann.work(campaignId)
  const { assignments } = await worker.lease(3)
  for (const task of assignments) await worker.answer(task, 'red')
  await worker.flush()
  expect((await chainOf(ann)).count).toBe(3)
  expect(worker.state()).toMatchObject({ waiting: [], refused: [], error: null, receipt: { count: 3 } })
})

test('undo: a revision takes the place of the answer', async () => {
  const ben = network.member('ben')
  const worker = await ben.work(campaignId)
  const { assignments } = await worker.lease(1)
  await worker.answer(assignments[0]!, 'red')
  await worker.flush()
  await worker.revise(assignments[0]!, 'blue')
  await worker.flush()
  const { data } = await ben.api.listOwnRecords({ query: { campaignId } })
  expect(data.map(({ answer, state }) => [answer?.answer?.[0], state])).toEqual([
    ['blue', 'answered'],
    ['red', 'replaced'],
  ])
})

test('undo before anything was sent leaves one record', async () => {
  const tagger = network.member('cleo')
  const worker = await tagger.work(campaignId)
  const { assignments } = await worker.lease(1)
  const answered = worker.answer(assignments[0]!, 'red')
  await answered
  await worker.revise(assignments[0]!, 'blue')
  await worker.flush()
  const { data } = await tagger.api.listOwnRecords({ query: { campaignId } })
  expect(data[0]!.answer?.answer).toEqual(['blue'])
})

test('two devices of one account: the second builds on the first, the first re-signs on the second', async () => {
  const [phone, laptop] = await Promise.all([
    network.member('dora').work(campaignId),
    network.member('dora').work(campaignId),
  ])
  const { assignments } = await phone.lease(4)
  await phone.answer(assignments[0]!, 'red')
  await phone.flush()
  await laptop.answer(assignments[1]!, 'red')
  await laptop.flush()
  // The phone still believes in its own head: the node refuses, the phone reads the head anew.
  await phone.answer(assignments[2]!, 'blue')
  await phone.flush()
  expect((await chainOf(network.member('dora'))).count).toBe(3)
})

test('a lost answer of the node costs nothing: the same chunk is not counted twice', async () => {
  let isLosing = true
  const losing: typeof fetch = async (...input) => {
    const response = await fetch(...input)
    if (isLosing && String(input[0]).endsWith('/records')) {
      isLosing = false
      await response.arrayBuffer()
      throw new TypeError('connection lost')
    }
    return response
  }
  const eve = network.member('eve', { fetch: losing })
  const worker = await eve.work(campaignId)
  const { assignments } = await worker.lease(2)
  await worker.answerMany(assignments.map((task) => ({ task, answer: 'red' })))
  await worker.flush()
  expect(isLosing).toBe(false)
  expect((await chainOf(eve)).count).toBe(2)
})

test('records survive the end of the program and are sent by the next one, once', async () => {
  const texts = new Map<string, string>()
  const store = {
    get: async (key: string) => texts.get(key) ?? null,
    set: async (key: string, value: string) => void texts.set(key, value),
    remove: async (key: string) => void texts.delete(key),
    keys: async (prefix: string) => [...texts.keys()].filter((key) => key.startsWith(prefix)),
  }
  // Sends, and never hears of it: as when a tab is closed in the middle.
  const deaf: typeof fetch = async (...input) => {
    const response = await fetch(...input)
    if (!String(input[0]).endsWith('/records')) return response
    await response.arrayBuffer()
    throw new TypeError('closed')
  }
  const before = network.member('finn', { store, fetch: deaf, retry: { tries: 1 } })
  const worker = await before.work(campaignId)
  const { assignments } = await worker.lease(2)
  await worker.answer(assignments[0]!, 'red')
  expect(await codeOf(worker.flush())).toBe('unavailable')
  expect(worker.state().waiting).toHaveLength(1)

  const after = network.member('finn', { store })
  const again = await after.work(campaignId)
  await again.answer(assignments[1]!, 'blue')
  await again.flush()
  expect((await chainOf(after)).count).toBe(2)
  expect(again.state()).toMatchObject({ waiting: [], refused: [] })
})

test('one bad record is refused alone, its neighbors are accepted', async () => {
  const gus = network.member('gus')
  const worker = await gus.work(campaignId)
  const { assignments } = await worker.lease(3)
  const foreign = { ...assignments[1]!, item: `0x${'ab'.repeat(32)}` as Hex, id: crypto.randomUUID() }
  await worker.answerMany(
    [assignments[0]!, foreign, assignments[2]!].map((task) => ({ task, answer: 'red' })),
  )
  expect(await codeOf(worker.flush())).toBe('lease-missing')
  expect(worker.state().refused.map(({ item }) => item)).toEqual([foreign.item])
  expect((await chainOf(gus)).count).toBe(2)
})

test('an answer that is no label is refused before it is signed', async () => {
  const worker = await network.member('hal').work(campaignId)
  const { assignments } = await worker.lease(1)
  expect(await codeOf(worker.answer(assignments[0]!, 'green'))).toBe('answer-invalid')
  expect(worker.state().head).toBe(null)
})

test('nothing is signed on top of a head that the worker’s wallet never allowed', async () => {
  const ida = network.member('ida')
  const worker = await ida.work(campaignId)
  const { assignments } = await worker.lease(1)
  const forging: typeof fetch = async (...input) => {
    const response = await fetch(...input)
    if (!String(input[0]).endsWith('/chain')) return response
    const forged = {
      head: { count: 1, link: `0x${'cd'.repeat(32)}` },
      signed: {
        count: 1,
        link: `0x${'cd'.repeat(32)}`,
        publicKey: `0x04${'11'.repeat(64)}`,
        signature: `0x${'22'.repeat(64)}`,
      },
      receipt: null,
    }
    return new Response(JSON.stringify(forged), { headers: { 'content-type': 'application/json' } })
  }
  const fooled = await network.member('ida', { fetch: forging }).work(campaignId)
  await fooled.answer(assignments[0]!, 'red')
  expect(await codeOf(fooled.flush())).toBe('head-signature-invalid')
  expect((await chainOf(ida)).count).toBe(0)
})

test('other rules than the campaign’s id names are not worked under', async () => {
  const lying: typeof fetch = async (...input) => {
    const response = await fetch(...input)
    if (!String(input[0]).endsWith(campaignId)) return response
    const document = await response.json()
    document.spec.reward.qualityCurve = [
      [999_999, 0],
      [1_000_000, 1_000_000],
    ]
    return new Response(JSON.stringify(document), { headers: { 'content-type': 'application/json' } })
  }
  expect(await codeOf(network.member('jo', { fetch: lying }).work(campaignId))).toBe('terms-invalid')
})

test('a login that the node forgot is made again', async () => {
  const kim = network.member('kim')
  await kim.login()
  const { account } = kim.wallet!
  await kim.store.set(`login:${network.url}:${account}`, 'forgotten')
  const again = createTagger({ url: network.url, wallet: walletOf('test', 'kim'), store: kim.store })
  expect((await again.api.listOwnRecords()).data).toEqual([])
})

test('a message that is no login is not signed', async () => {
  const greedy: typeof fetch = async (...input) => {
    const response = await fetch(...input)
    if (!String(input[0]).endsWith('/login-challenges')) return response
    const { expiresAt } = await response.json()
    const body = JSON.stringify({ message: 'I give you everything.', expiresAt })
    return new Response(body, { headers: { 'content-type': 'application/json' } })
  }
  expect(await codeOf(network.member('lou', { fetch: greedy }).login())).toBe('unauthorized')
})

test('terms other than asked for are never signed', async () => {
  const swapping: typeof fetch = async (...input) => {
    const response = await fetch(...input)
    if (!String(input[0]).endsWith('/acceptance')) return response
    const document = await response.json()
    document.terms.basePay = '999999999'
    return new Response(JSON.stringify(document), { headers: { 'content-type': 'application/json' } })
  }
  const mia = network.member('mia', { fetch: swapping })
  const spec = { title: 'T', question: 'Q?', labels: ['a', 'b'] }
  expect(await codeOf(mia.createCampaign({ spec, items: ['x'], basePay: 10_000n }))).toBe('terms-invalid')
})

test('a refusal of the contract is one sentence with its values', async () => {
  const nobody = network.member('requester')
  const error = await nobody
    .campaign(campaignId)
    .refund()
    .catch((cause) => cause)
  expect(error).toMatchObject({ code: 'transaction-failed', data: { error: 'WrongStatus' } })
  expect(error.message).toContain('Refunding the campaign was refused: wrong status')
})

test('an account without a wallet is told so', async () => {
  const reader = createTagger({ url: network.url })
  expect((await reader.network()).isLocal).toBe(true)
  expect(await codeOf(reader.api.listOwnEarnings())).toBe('unauthorized')
})

test('a node that is not there is told so', async () => {
  const lost = createTagger({ url: 'http://127.0.0.1:1', retry: { tries: 2, firstWaitMilliseconds: 1 } })
  expect(await codeOf(lost.network())).toBe('unavailable')
})

test('the ten lines of the README ask a crowd and read its answers', { timeout: 300_000 }, async () => {
  await network.rich('reader')
  const asked = askTheCrowd(network.url, walletOf('test', 'reader'))
  const requester = network.member('reader')
  const { account } = requester.wallet!
  let id: Hex | undefined
  while (id === undefined) {
    const { data } = await requester.api.listCampaigns({ query: { requester: account } })
    id = data[0]?.id
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  for (const name of ['w1', 'w2', 'w3', 'w4', 'w5']) {
    const worker = await network.member(name).work(id)
    const { assignments } = await worker.lease(2)
    await worker.answerMany(
      assignments.map((task) => ({ task, answer: task.data.text!.includes('moon') ? 'good' : 'bad' })),
    )
    await worker.flush()
  }
  await requester.campaign(id).close()
  const answers = await asked
  expect(answers.map((line) => line.replace(/ \(.*/, '')).sort()).toEqual([
    'I want my money back. → bad',
    'To the moon! → good',
  ])
})
