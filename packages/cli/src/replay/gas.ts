import { campaignsAbi, licensesAbi } from '@tagger/contracts/abi'
import type { Hex } from '@tagger/protocol'
import { readCampaignLogs, type Tagger } from '@tagger/sdk'
import { getAddress, parseEventLogs, type TransactionReceipt } from 'viem'
import { inLanes } from '../lanes.ts'

/** Gas by step; means where a step was taken more than once. */
export interface Gas {
  open: number
  propose: number
  finalize: number
  claimMean: number
  purchase: number
  /** All gas of the campaign ÷ records. */
  perRecord: number
}

/** Reads from the chain what the steps of a campaign cost. */
export async function measureGas(tagger: Tagger, campaignId: Hex, records: number): Promise<Gas> {
  const { client, network } = await tagger.chain()
  const logs = await readCampaignLogs(client, network.contracts.campaigns, campaignId)
  const hashes = [...new Set(logs.flatMap(({ transactionHash }) => transactionHash ?? []))]
  const receipts = await inLanes(hashes, 8, (hash) => client.getTransactionReceipt({ hash }))
  const events = (receipt: TransactionReceipt) =>
    parseEventLogs({ abi: campaignsAbi, logs: receipt.logs }).map(({ eventName }) => eventName)
  const having = (name: string) => receipts.filter((receipt) => events(receipt).includes(name as never))
  const sum = (list: readonly TransactionReceipt[]) =>
    Number(list.reduce((all, { gasUsed }) => all + gasUsed, 0n))
  const mean = (list: readonly TransactionReceipt[]) =>
    list.length === 0 ? 0 : Math.round(sum(list) / list.length)
  const claims = having('Claimed')
  const claimed = claims.reduce(
    (count, receipt) => count + events(receipt).filter((name) => name === 'Claimed').length,
    0,
  )
  return {
    open: mean(having('CampaignOpened')),
    propose: mean(having('BatchProposed')),
    finalize: mean(having('BatchFinal')),
    claimMean: claimed === 0 ? 0 : Math.round(sum(claims) / claimed),
    purchase: await purchaseGas(tagger),
    perRecord: Math.round(sum(receipts) / records),
  }
}

/** The newest purchase of this network: a replay makes one. */
async function purchaseGas(tagger: Tagger): Promise<number> {
  const { client, network } = await tagger.chain()
  const logs = await client.getContractEvents({
    address: getAddress(network.contracts.licenses),
    abi: licensesAbi,
    eventName: 'Purchased',
    fromBlock: 0n,
  })
  const last = logs.at(-1)
  if (last === undefined) return 0
  return Number((await client.getTransactionReceipt({ hash: last.transactionHash })).gasUsed)
}
