/** What the common calls cost. Fails when one costs over one percent more than `gas.snapshot.json` says. */
import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { before, describe, it } from 'node:test'
import type { Address } from 'viem'
import { padHex, toHex } from 'viem'
import { nextBatch, openCampaign, proposeBatch, settleBatch } from './campaign.ts'
import { type Figures, measure } from './gas.ts'
import { withoutCounters } from './measured.ts'
import { address, as, newWorld, usd } from './world.ts'

const path = join(import.meta.dirname, 'gas.snapshot.json')
const tolerance = 0.01

const crowd = (amount: bigint, length: number) =>
  Array.from({ length }, (_, i) => [padHex(toHex(i + 4_096), { size: 20 }) as Address, amount] as const)

describe('gas', withoutCounters, () => {
  let now: Figures
  let snapshot: Figures
  before(async () => {
    now = await measure()
    if (process.env.UPDATE_GAS === '1') await writeFile(path, `${JSON.stringify(now, null, 2)}\n`)
    snapshot = JSON.parse(await readFile(path, 'utf8'))
  })

  it('stays within one percent of the snapshot', () => {
    const grown = Object.entries(now)
      .map(([name, gas]) => ({ name, gas, was: snapshot[name] ?? 0 }))
      .filter(({ gas, was }) => gas > was * (1 + tolerance))
      .map(({ name, gas, was }) => `${name}: ${was} → ${gas}`)
    assert.equal(
      grown.length,
      0,
      `These calls cost more gas than before:\n  ${grown.join('\n  ')}\n` +
        'If that is worth it, refresh the snapshot: UPDATE_GAS=1 npm test -w @tagger/contracts -- test/gas.test.ts',
    )
  })

  it('measures everything in the snapshot', () => {
    assert.deepEqual(Object.keys(now).toSorted(), Object.keys(snapshot).toSorted())
  })

  it('costs the same whatever else is in the escrow', async () => {
    const world = await newWorld()
    const propose = async (nonce: bigint) => {
      const campaign = await openCampaign(world, { nonce })
      const batch = await nextBatch(world, campaign, crowd(usd(0.1), 10))
      return Number(
        await world.campaigns.estimateGas.propose(
          [campaign.terms, batch.header, batch.previousRoot],
          as('operator'),
        ),
      )
    }
    const alone = await propose(0n)
    const other = await openCampaign(world, { nonce: 100n })
    await settleBatch(world, other, crowd(usd(0.2), 10))
    await proposeBatch(world, other, crowd(usd(0.3), 10))
    assert.ok(Math.abs((await propose(1n)) - alone) < 500)
    assert.equal(await world.campaigns.read.claimed([other.id, address.ana]), 0n)
  })
})
