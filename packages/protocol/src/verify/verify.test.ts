import { expect, test } from 'vitest'
import { SimulatedCampaign } from '../../test/simulated-campaign.ts'
import { verifyCampaign } from './verify.ts'

test('accepts an honest campaign over two batches', async () => {
  const campaign = new SimulatedCampaign({ items: 20, gold: { 3: 'yes', 12: 'no' } })
  campaign.answerAll(0, 12)
  campaign.cut({ items: campaign.items.slice(0, 8) })
  campaign.answerAll(12, 20)
  campaign.cut({ closing: true })
  const verdict = await verifyCampaign(campaign.bundles(), campaign.facts())
  expect(verdict).toMatchObject({ ok: true, batches: 2, records: 60, erased: 0, workers: 3, items: 20 })
})
