import { type Address, TaggerError } from '@tagger/protocol'
import type { Campaign, Token } from '@tagger/sdk'
import { fund } from '../funding.ts'
import { inLanes } from '../lanes.ts'
import type { Voice } from '../output.ts'
import type { Cast } from './cast.ts'
import { money } from './report.ts'

const PRICE = 25_000_000n

/** Publishes the dataset, sells a license, checks what was delivered, pays the contributors. Safe to run again. */
export async function tradeDataset(
  cast: Cast,
  campaign: Campaign,
  accounts: readonly Address[],
  voice: Voice,
): Promise<void> {
  const { account } = cast.requester.wallet!
  const { data: own } = await cast.requester.api.listDatasets({ query: { owner: account } })
  const { title } = await campaign.read()
  const dataset =
    own[0]?.offer != null
      ? await cast.requester.api.getDataset({ params: { id: own[0].id } })
      : (await campaign.publish({ title, description: 'Made by a replay.', price: PRICE })).dataset
  const { token } = dataset.offers[0]!
  voice.say(`  published as passport ${dataset.passportId}, a license costs ${amount(PRICE, token)}`)

  await fund(cast.buyer, PRICE)
  const { data: held } = await cast.buyer.api.listLicenses()
  const licenseId = held[0] ? BigInt(held[0].id) : (await cast.buyer.purchase(dataset)).licenseId
  const { content, license } = await cast.buyer.download(licenseId)
  voice.say(`  license ${licenseId}: ${content.length} bytes delivered, decrypted and equal to the passport`)
  if (license.inspectUntil !== null) await cast.buyer.releaseLicense(licenseId)
  await waitForRevenue(cast, dataset.id)

  const progress = voice.progress('revenue shares', accounts.length)
  let done = 0
  await inLanes(accounts, cast.criers.length, async (contributor, lane) => {
    await cast.criers[lane]!.claims.claimShares(contributor)
    progress.update(++done)
  })
  progress.end()
  const { revenue } = await cast.requester.api.getDataset({ params: { id: dataset.id } })
  for (const { sold, contributors, token } of revenue) {
    const share = amount(contributors, token)
    voice.say(`  sold for ${amount(sold, token)}, ${share} of it to ${accounts.length} contributors`)
  }
}

function amount(value: bigint, { decimals, symbol }: Token): string {
  return `${money(value, decimals)} ${symbol}`
}

async function waitForRevenue(cast: Cast, id: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const dataset = await cast.requester.api.getDataset({ params: { id } })
    if (dataset.revenue.some(({ sold }) => sold > 0n)) return
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
  throw new TaggerError('unavailable', 'The node does not show the revenue of the dataset')
}
