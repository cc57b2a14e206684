import { campaignsAbi } from '@tagger/contracts/abi'
import {
  type Address,
  type BatchHeader,
  batchHashOf,
  type ChainFacts,
  type Crypto,
  type Deployment,
  type Hex,
  pureCrypto,
  TaggerError,
  type Terms,
  toAddress,
  ZERO32,
} from '@tagger/protocol'
import { getAddress, type PublicClient, parseEventLogs, type RpcLog } from 'viem'

/** Blocks per question: public nodes answer for no more. */
export const BLOCKS = 9_000n

/**
 * What the chain itself says of a campaign, for `verify`: its terms and the headers of its final batches in order,
 * each hashed again here. `upTo` names a batch of any state: then it is that one and those its header builds on.
 * @throws TaggerError `not-found` when no such campaign was opened or batch proposed there, `batch-invalid` when a
 * header does not hash to its batch's name.
 */
export async function readChainFacts(
  client: PublicClient,
  deployment: Deployment,
  campaignId: Hex,
  crypto: Crypto = pureCrypto,
  upTo?: Hex,
): Promise<ChainFacts> {
  const logs = await readCampaignLogs(client, deployment.campaigns, campaignId)
  const [opened] = parseEventLogs({ abi: campaignsAbi, logs, eventName: 'CampaignOpened' })
  if (opened === undefined) {
    throw new TaggerError(
      'not-found',
      `No campaign ${campaignId} was ever opened at ${deployment.campaigns}`,
      { hints: ['It may belong to another network: check which chain is asked.'] },
    )
  }
  const headers = new Map(
    parseEventLogs({ abi: campaignsAbi, logs, eventName: 'BatchProposed' }).map(({ args }) => [
      args.batch,
      toHeader(args.header),
    ]),
  )
  const headerOf = (batch: Hex) => {
    const header = headers.get(batch)
    if (header === undefined || batchHashOf(header, crypto) !== batch) {
      throw new TaggerError('batch-invalid', `The header of batch ${batch} does not hash to its name`)
    }
    return header
  }
  const facts = { deployment, terms: toTerms(opened.args.terms) }
  if (upTo !== undefined) {
    if (!headers.has(upTo)) throw new TaggerError('not-found', `No batch ${upTo} was ever proposed there`)
    const chain: BatchHeader[] = []
    for (let batch = upTo; batch !== ZERO32; batch = chain[0]!.previous) chain.unshift(headerOf(batch))
    return { ...facts, headers: chain }
  }
  const final = parseEventLogs({ abi: campaignsAbi, logs, eventName: 'BatchFinal' })
  const inOrder = final.map(({ args }) => headerOf(args.batch)).sort((a, b) => a.index - b.index)
  return { ...facts, headers: inOrder }
}

/** Every event that names the campaign, oldest first. */
export async function readCampaignLogs(
  client: PublicClient,
  campaigns: Address,
  campaignId: Hex,
): Promise<RpcLog[]> {
  return await readLogs(client, { address: campaigns, topics: [null, campaignId] })
}

/** Every event of a contract with these topics, oldest first. */
export async function readLogs(
  client: PublicClient,
  { address, topics }: { address: Address; topics: (Hex | Hex[] | null)[] },
): Promise<RpcLog[]> {
  // A number kept from before one's own transaction would leave its events out.
  const latest = await client.getBlockNumber({ cacheTime: 0 })
  const logs: RpcLog[] = []
  for (let from = 0n; from <= latest; from += BLOCKS) {
    const to = from + BLOCKS - 1n
    const filter = {
      address: getAddress(address),
      topics,
      fromBlock: hex(from),
      toBlock: hex(to < latest ? to : latest),
    }
    logs.push(...(await client.request({ method: 'eth_getLogs', params: [filter] })))
  }
  return logs
}

function hex(block: bigint): Hex {
  return `0x${block.toString(16)}`
}

/** As events carry it: the 64-bit fields are bigint there. */
type Logged<T> = { [K in keyof T]: T[K] extends number ? number | bigint : T[K] extends Hex ? Hex : T[K] }

/** A header as events carry it. */
export function toHeader(header: Logged<BatchHeader>): BatchHeader {
  return { ...header, index: Number(header.index), cutAt: Number(header.cutAt) }
}

/** Terms as events carry them. */
export function toTerms(terms: Logged<Terms>): Terms {
  return {
    ...terms,
    requester: toAddress(terms.requester),
    operator: toAddress(terms.operator),
    receiptKey: toAddress(terms.receiptKey),
    token: toAddress(terms.token),
    operatorFeeBps: Number(terms.operatorFeeBps),
    protocolFeeBps: Number(terms.protocolFeeBps),
    contributorsBps: Number(terms.contributorsBps),
    deadline: Number(terms.deadline),
    grace: Number(terms.grace),
    challengeWindow: Number(terms.challengeWindow),
  }
}
