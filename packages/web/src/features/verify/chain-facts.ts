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
  toAddress,
} from '@tagger/protocol'
import { createPublicClient, http, parseEventLogs, type RpcLog } from 'viem'

/** Blocks per question: public chains answer for no more. */
const BLOCKS = 9_000n

/** What the chain itself says of a campaign: its terms and the headers of its final batches, each hashed again here. */
export async function readChainFacts(
  rpcUrl: string,
  deployment: Deployment,
  campaignId: Hex,
): Promise<ChainFacts> {
  const logs = await readLogs(rpcUrl, deployment.campaigns, campaignId)
  const [opened] = parseEventLogs({ abi: campaignsAbi, logs, eventName: 'CampaignOpened' })
  if (opened === undefined) throw new TaggerError('not-found', 'This chain knows no such campaign')
  const headers = new Map<string, BatchHeader>()
  for (const { args } of parseEventLogs({ abi: campaignsAbi, logs, eventName: 'BatchProposed' })) {
    headers.set(args.batch, {
      ...args.header,
      index: Number(args.header.index),
      cutAt: Number(args.header.cutAt),
    })
  }
  const final = parseEventLogs({ abi: campaignsAbi, logs, eventName: 'BatchFinal' }).map(({ args }) => {
    const header = headers.get(args.batch)
    if (header === undefined || batchHashOf(header) !== args.batch) {
      throw new TaggerError('batch-invalid', 'A batch on chain does not hash to its name')
    }
    return header
  })
  return { deployment, terms: termsOf(opened.args.terms), headers: final.sort((a, b) => a.index - b.index) }
}

async function readLogs(rpcUrl: string, campaigns: Address, campaignId: Hex) {
  const client = createPublicClient({ transport: http(rpcUrl) })
  const latest = await client.getBlockNumber()
  const logs: RpcLog[] = []
  for (let from = 0n; from <= latest; from += BLOCKS) {
    const to = from + BLOCKS - 1n < latest ? from + BLOCKS - 1n : latest
    const filter = { fromBlock: hex(from), toBlock: hex(to), address: campaigns, topics: [null, campaignId] }
    logs.push(...(await client.request({ method: 'eth_getLogs', params: [filter as never] })))
  }
  return logs as never
}

function hex(block: bigint): Hex {
  return `0x${block.toString(16)}`
}

type OnChainTerms = Omit<Terms, 'deadline' | 'grace' | 'challengeWindow'> &
  Record<'deadline' | 'grace' | 'challengeWindow', bigint>

function termsOf(terms: OnChainTerms): Terms {
  return {
    ...terms,
    requester: toAddress(terms.requester),
    operator: toAddress(terms.operator),
    receiptKey: toAddress(terms.receiptKey),
    token: toAddress(terms.token),
    deadline: Number(terms.deadline),
    grace: Number(terms.grace),
    challengeWindow: Number(terms.challengeWindow),
  }
}
