import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import {
  readBond,
  STAKE,
  startValidatorNetwork,
  VALIDATORS,
  type ValidatorNetwork,
} from './validator-network.ts'

// Real nodes, processes and clocks: a dispute takes a minute.
vi.setConfig({ testTimeout: 400_000, hookTimeout: 300_000 })

let live: ValidatorNetwork
beforeAll(async () => {
  // A killed process has to be back by then.
  live = await startValidatorNetwork(40n)
}, 300_000)
afterAll(() => live?.close())

test('a batch whose bytes are kept back is voided, by validators of which one was killed after its commitment', async () => {
  const withheld = await live.work('keeps its evidence back')
  const [stake, bond] = [await live.operatorStake(), await readBond(live.chain)]
  await live.forge(withheld, ({ evidence }) => ({ evidence, car: null }))

  const [challenge] = await live.said('challenged', 1)
  expect(challenge!.reason).toMatch(/^No bundle of batch 0 \(.*does not have it/)
  // As if nothing had been: what it takes to reveal was on the disk before the commitment was sent.
  const [committed] = await live.said('committed', 1)
  await live.kill(committed!.validator)
  await live.start(committed!.validator)

  await live.said('revealed', 2)
  expect(live.lines('revealed').map(({ validator }) => validator)).toContain(committed!.validator)
  const dispute = await vi.waitUntil(
    async () => (await live.owner.api.listDisputes({ query: { state: 'ended' } })).data[0],
    { timeout: 180_000, interval: 500 },
  )
  expect(dispute).toMatchObject({ state: 'void', validWeight: 0n, invalidWeight: 2n * STAKE })
  expect(stake - (await live.operatorStake())).toBe(bond)

  const { earned, paid } = await live.settle([withheld])
  expect(paid).toEqual(earned)
  for (const amount of paid) expect(amount).toBeGreaterThan(0n)
  await live.said('settled', 2)
  for (const name of VALIDATORS) {
    expect(await live.network.member(name).stake.read()).toMatchObject({ staked: STAKE, engaged: 0n })
  }
})
