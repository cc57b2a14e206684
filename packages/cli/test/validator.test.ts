import { mkdtemp } from 'node:fs/promises'
import { join } from 'node:path'
import { nativeCrypto } from '@tagger/node/crypto'
import { decodeBundle, encodeBundle } from '@tagger/protocol'
import { readChainFacts } from '@tagger/sdk'
import { parseEther } from 'viem'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createChecker } from '../src/govern/validator/check-batch.ts'
import { keyOf } from '../src/wallets.ts'
import { startMirror } from './hostile-operator.ts'
import { runTagger } from './run-tagger.ts'
import {
  NOBODY,
  payNobody,
  readBond,
  STAKE,
  startValidatorNetwork,
  VALIDATORS,
  type ValidatorNetwork,
} from './validator-network.ts'

// Real nodes, processes and clocks: a dispute takes half a minute.
vi.setConfig({ testTimeout: 400_000, hookTimeout: 300_000 })

let live: ValidatorNetwork
beforeAll(async () => {
  live = await startValidatorNetwork()
}, 300_000)
afterAll(() => live?.close())

test('a wrong batch is caught, voided and costs the operator; the workers are still paid', async () => {
  const paysNobody = await live.work('pays somebody who did nothing')
  const foreignRoot = await live.work('anchors another root than its bundle has')
  const [stake, bond] = [await live.operatorStake(), await readBond(live.chain)]

  // Bundle and header agree with each other, and with nothing that was signed.
  await live.forge(paysNobody, ({ evidence }) => {
    const forged = payNobody(evidence)
    return { evidence: forged, car: encodeBundle(forged, nativeCrypto).car }
  })
  // The bundle is honest and the one that is anchored; the root beside it is not.
  await live.forge(foreignRoot, ({ evidence, car, bundle }) => {
    return { evidence: payNobody(evidence), bundle, car }
  })
  // A right one beside them, cut by the node.
  const honest = await live.work('is right', 1)

  const challenges = await live.said('challenged', 2)
  const reasonOf = (id: string) => challenges.find(({ campaignId }) => campaignId === id)?.reason
  expect(reasonOf(paysNobody.id)).toMatch(new RegExp(`^payout-mismatch at batch 0, account ${NOBODY}: `))
  expect(reasonOf(foreignRoot.id)).toMatch(/^header-mismatch at batch 0, root payoutsRoot: /)

  // Two of three vote in each: who challenged has no vote.
  await live.said('revealed', 4)
  const disputes = await vi.waitUntil(
    async () => {
      const { data } = await live.owner.api.listDisputes({ query: { state: 'ended' } })
      return data.length === 2 && data
    },
    { timeout: 180_000, interval: 500 },
  )
  for (const dispute of disputes) {
    expect(dispute).toMatchObject({ state: 'void', validWeight: 0n, invalidWeight: 2n * STAKE })
  }
  expect(stake - (await live.operatorStake())).toBe(2n * bond)

  const { earned, paid } = await live.settle([paysNobody, foreignRoot, honest])
  expect(paid).toEqual(earned)
  for (const amount of paid) expect(amount).toBeGreaterThan(0n)
  const { testUsd } = live.chain.network.contracts
  expect(await live.chain.balanceOf(testUsd!, NOBODY)).toBe(0n)
  // Neither the right one nor those cut anew were challenged.
  expect(live.lines('challenged')).toHaveLength(2)
  expect((await honest.batches()).map(({ status }) => status)).toEqual(['final', 'final'])

  // Bond, stake and reward come back by themselves: half of every slash is for challengers and voters.
  const before = BigInt(VALIDATORS.length) * (parseEther('1000') - STAKE)
  await vi.waitUntil(async () => (await live.heldByValidators()) === before + bond, {
    timeout: 60_000,
    interval: 500,
  })
  for (const name of VALIDATORS) {
    expect(await live.network.member(name).stake.read()).toMatchObject({ staked: STAKE, engaged: 0n })
  }
})

test('`--once` does what is due and ends; what is missing is told', async () => {
  const { url } = live.network
  const poor = { TAGGER_KEY: keyOf('test', 'nobody'), TAGGER_DATA: live.folder }
  const once = await runTagger(['validator', '--once', '--node', url, '--json'], { env: poor })
  expect(once.code, once.stderr).toBe(0)
  const said = once.stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(said[0]).toMatchObject({ event: 'started', chainId: 31337, validating: '0', tag: '0' })
  expect(said.filter(({ event }) => event === 'lacks').map(({ what }) => what)).toEqual([
    'gas',
    'stake',
    'bond',
  ])
  const away = ['validator', '--once', '--node', url, '--rpc', 'http://127.0.0.1:9']
  const failed = await runTagger(away, { env: poor })
  expect(failed.code).toBe(1)
  expect(failed.stderr).not.toBe('')
})

test('a mirror that changes or keeps back bytes is told from an operator that does', async () => {
  const campaign = await live.work('is right, and badly mirrored', 1)
  const batch = await vi.waitUntil(
    async () => (await campaign.batches()).find(({ status }) => status !== 'cut'),
    { timeout: 120_000, interval: 300 },
  )
  const { hash } = batch
  const whole = await live.owner.api.getBundle({ params: { hash } })
  const car = new Uint8Array(await whole.arrayBuffer())
  const changed = car.slice()
  changed[changed.length - 5]! ^= 1
  const { evidence } = decodeBundle(car, nativeCrypto)
  const partly = encodeBundle(
    { ...evidence, payloads: new Map([...evidence.payloads].slice(1)) },
    nativeCrypto,
  )

  const { client } = live.chain
  const facts = await readChainFacts(client, live.chain.deployment, campaign.id, nativeCrypto, hash)
  const mirror = await startMirror()
  const check = async (served: Uint8Array, ...urls: string[]) => {
    mirror.bundles.set(hash, served)
    const folder = await mkdtemp(join(live.folder, 'mirror-'))
    return await createChecker()({ facts, urls: [mirror.url, ...urls], folder, mostBytes: 1_000_000 })
  }
  try {
    expect(await check(changed)).toMatchObject({
      kind: 'unchecked',
      reason: expect.stringContaining('does not hash to its name'),
    })
    expect(await check(partly.car)).toEqual({
      kind: 'unchecked',
      reason: 'Payloads of batch 0 are kept back',
    })
    expect(await check(changed, live.network.url)).toEqual({ kind: 'sound', records: 4 })
    expect(await check(car)).toEqual({ kind: 'sound', records: 4 })
  } finally {
    await mirror.close()
  }
})
