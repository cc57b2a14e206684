import { describe, expect, test } from 'vitest'
import { anchorOther, changeBundle, erase } from '../../test/forge.ts'
import { hostileCampaigns } from '../../test/hostile-campaigns.ts'
import { SimulatedCampaign } from '../../test/simulated-campaign.ts'
import { pureCrypto } from '../bytes/crypto.ts'
import { makeFit, packFit, unpackFit } from '../consensus/fit-task.ts'
import { rootsOf } from '../settlement/roots.ts'
import { findUnsigned } from './signatures.ts'
import { type Chores, verifyCampaign } from './verify.ts'

test.each(Object.entries(hostileCampaigns))('%s', async (_, make) => {
  const { bundles, facts, code, at } = make()
  const verdict = await verifyCampaign(bundles, facts)
  expect(verdict).toMatchObject({ ok: false, code, at: at ?? {} })
})

test('behind an erased payload an honest batch still holds', async () => {
  const campaign = new SimulatedCampaign({ items: 4 })
  campaign.answerAll()
  campaign.cut({ items: campaign.items.slice(0, 3) })
  const { bundles, facts } = anchorOther(campaign, (evidence) => erase(evidence))
  expect(await verifyCampaign(bundles, facts)).toMatchObject({ ok: true, erased: 1 })
})

describe('with the chores done elsewhere, while the next bundle is read', () => {
  /** As through a thread: only data crosses, and late. */
  const sent = async <T>(data: T): Promise<T> => {
    const copy = structuredClone(data)
    await new Promise((done) => setTimeout(done))
    return copy
  }
  const elsewhere: Chores = {
    findUnsigned: async (task) => sent(await findUnsigned(await sent(task), pureCrypto)),
    makeFit: async (task) => unpackFit(await sent(packFit(makeFit(await sent(task))))),
    rootsOf: async (lists) => sent(rootsOf(await sent(lists), pureCrypto)),
  }

  function threeBatches(): SimulatedCampaign {
    const spec = { consensus: { method: 'auto', version: 1 } } as const
    const campaign = new SimulatedCampaign({ items: 45, gold: { 2: 'yes', 30: 'no' }, spec })
    campaign.answerAll()
    campaign.cut({ items: campaign.items.slice(0, 20) })
    campaign.cut({ items: campaign.items.slice(20, 40) })
    campaign.cut({ closing: true })
    return campaign
  }

  test('an honest campaign holds, and what is known after it is the same', async () => {
    const campaign = threeBatches()
    const verified = async (options: { elsewhere?: Chores }) => {
      let known: unknown
      const verdict = await verifyCampaign(campaign.bundles(), campaign.facts(), {
        ...options,
        onVerified(now) {
          known = now
        },
      })
      return { verdict, known }
    }
    const apart = await verified({ elsewhere })
    expect(apart.verdict).toMatchObject({ ok: true, batches: 3 })
    expect(apart).toEqual(await verified({}))
  })

  test.each(Object.entries(hostileCampaigns))('the same fault: %s', async (_, make) => {
    const { bundles, facts } = make()
    expect(await verifyCampaign(bundles, facts, { elsewhere })).toEqual(await verifyCampaign(bundles, facts))
  })

  test('of two faults the one of the earlier batch, though the later one is seen first', async () => {
    const campaign = threeBatches()
    const { bundles, facts } = changeBundle(campaign, ({ scores }) => {
      scores[0]!.records[0]![1]--
    })
    const last = bundles[2]!
    const broken = [...bundles.slice(0, 2), last.subarray(0, last.length - 9)]
    const more = [...bundles, last]
    for (const given of [broken, more]) {
      const verdict = await verifyCampaign(given, facts, { elsewhere })
      expect(verdict).toEqual(await verifyCampaign(given, facts))
    }
    expect(await verifyCampaign(more, facts, { elsewhere })).toMatchObject({
      code: 'score-mismatch',
      at: { batch: 2 },
    })
  })

  test.each(Object.keys(elsewhere))('a chore that fails is an error, not a verdict: %s', async (name) => {
    const campaign = threeBatches()
    const failing = async () => {
      throw new Error('the thread died')
    }
    const broken = { ...elsewhere, [name]: failing }
    const verdict = verifyCampaign(campaign.bundles(), campaign.facts(), { elsewhere: broken })
    await expect(verdict).rejects.toThrow('the thread died')
  })
})
