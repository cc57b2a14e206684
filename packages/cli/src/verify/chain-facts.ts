import { campaignsAbi } from '@tagger/contracts/abi'
import {
  type Address,
  type BatchHeader,
  batchHashOf,
  type ChainFacts,
  type Deployment,
  type Hex,
  TaggerError,
  type Terms,
} from '@tagger/protocol'
import { getAddress, type PublicClient, parseEventLogs } from 'viem'
import { nativeCrypto } from '../native-crypto.ts'

/** Blocks per question: public nodes answer for no more. */
const BLOCKS = 9_000n

/** What the chain says about a campaign: its terms, and the headers of its final batches in order. */
export async function readChainFacts(
  client: PublicClient,
  deployment: Deployment,
  campaignId: Hex,
): Promise<ChainFacts> {
  const logs = await readLogs(client, deployment.campaigns, campaignId)
  const [opened] = parseEventLogs({ abi: campaignsAbi, logs, eventName: 'CampaignOpened' })
  if (opened === undefined) {
    throw new TaggerError(
      'not-found',
      `No campaign ${campaignId} was ever opened at ${deployment.campaigns}`,
      {
        hints: ['The bundle may belong to another network: check --rpc.'],
      },
    )
  }
  const headers = new Map(
    parseEventLogs({ abi: campaignsAbi, logs, eventName: 'BatchProposed' }).map(({ args }) => [
      args.batch,
      toHeader(args.header),
    ]),
  )
  const final = parseEventLogs({ abi: campaignsAbi, logs, eventName: 'BatchFinal' }).map(({ args }) => {
    const header = headers.get(args.batch)
    if (header === undefined || batchHashOf(header, nativeCrypto) !== args.batch) {
      throw new TaggerError('batch-invalid', `The header of batch ${args.batch} does not hash to its name`)
    }
    return header
  })
  return { deployment, terms: toTerms(opened.args.terms), headers: final.sort((a, b) => a.index - b.index) }
}

/** Every event that names the campaign, oldest first. */
export async function readLogs(client: PublicClient, campaigns: Address, campaignId: Hex) {
  const latest = await client.getBlockNumber()
  const logs = []
  for (let from = 0n; from <= latest; from += BLOCKS) {
    const to = from + BLOCKS - 1n
    const [part] = [
      await client.request({
        method: 'eth_getLogs',
        params: [
          {
            address: getAddress(campaigns),
            topics: [null, campaignId],
            fromBlock: `0x${from.toString(16)}`,
            toBlock: `0x${(to < latest ? to : latest).toString(16)}`,
          },
        ],
      }),
    ]
    logs.push(...part)
  }
  return logs
}

type Logged<T> = { [K in keyof T]: T[K] extends number ? number | bigint : T[K] extends Hex ? Hex : T[K] }

function toHeader(header: Logged<BatchHeader>): BatchHeader {
  return { ...header, index: Number(header.index), cutAt: Number(header.cutAt) }
}

function toTerms(terms: Logged<Terms>): Terms {
  const lower = (address: Hex) => address.toLowerCase() as Address
  return {
    ...terms,
    requester: lower(terms.requester),
    operator: lower(terms.operator),
    receiptKey: lower(terms.receiptKey),
    token: lower(terms.token),
    operatorFeeBps: Number(terms.operatorFeeBps),
    protocolFeeBps: Number(terms.protocolFeeBps),
    contributorsBps: Number(terms.contributorsBps),
    deadline: Number(terms.deadline),
    grace: Number(terms.grace),
    challengeWindow: Number(terms.challengeWindow),
  }
}
