import type { Bot } from './bot.ts'
import { listDemoCampaigns, openDemoCampaign } from './campaigns.ts'
import type { DemoCast } from './cast.ts'

const PRICE = 15_000_000n

/** Opens the campaign that "Try it" leads to, unless there has been one. */
export async function seedOpenCampaign({ requester }: DemoCast, say: (line: string) => void): Promise<void> {
  const before = await listDemoCampaigns(requester)
  if (before.some(({ kind }) => kind === 'sentiment')) return
  await openDemoCampaign(requester, 'sentiment')
  say('Demo: a campaign is open, “Try it” leads there.')
}

/** Makes what else a first visitor should find: a settled campaign with a dataset. Does what is missing. */
export async function seedDataset(
  cast: DemoCast,
  bots: readonly Bot[],
  say: (line: string) => void,
  signal: AbortSignal,
): Promise<void> {
  const { requester } = cast
  const before = await listDemoCampaigns(requester)
  const { data: datasets } = await requester.api.listDatasets({ query: { owner: requester.wallet!.account } })
  if (datasets.length > 0) return
  const known = before.find(({ kind }) => kind === 'letters')
  const campaign = known ? requester.campaign(known.id) : await openDemoCampaign(requester, 'letters')
  if ((await campaign.read()).status === 'open') {
    for (const bot of bots) {
      signal.throwIfAborted()
      await bot.work(campaign.id, 100)
    }
    await campaign.close()
  }
  await campaign.waitFor('closed', 300)
  signal.throwIfAborted()
  await cast.crier.claims.claimMany(campaign.id)
  say('Demo: a campaign is settled and everyone in it is paid.')
  await campaign.publish({
    title: 'Support letters, sorted',
    description: 'Short letters to a wallet’s support desk: question, bug or praise. Made by the demo crowd.',
    price: PRICE,
  })
  say('Demo: a dataset is listed on the market.')
}
