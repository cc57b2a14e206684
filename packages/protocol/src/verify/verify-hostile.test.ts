import { expect, test } from 'vitest'
import { anchorOther, erase } from '../../test/forge.ts'
import { hostileCampaigns } from '../../test/hostile-campaigns.ts'
import { SimulatedCampaign } from '../../test/simulated-campaign.ts'
import { verifyCampaign } from './verify.ts'

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
