import { type CampaignInput, createTagger } from '@tagger/sdk'
import { generatePrivateKey, privateKeyToAccount } from 'viem/accounts'
import type { TestNetwork } from './network.ts'

/** Opens a campaign as somebody who is not on stage; returns its id. */
export async function openCampaign(network: TestNetwork, input: CampaignInput): Promise<`0x${string}`> {
  const wallet = privateKeyToAccount(generatePrivateKey())
  const requester = createTagger({ url: network.url, wallet })
  await requester.api.createFaucetDrop({ body: { account: wallet.address } })
  const { id } = await requester.createCampaign(input)
  return id
}
