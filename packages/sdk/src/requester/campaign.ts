import { campaignsAbi } from '@tagger/contracts/abi'
import { type Hex, TaggerError } from '@tagger/protocol'
import type { Endpoints, ResponseOf } from '@tagger/protocol/wire'
import type { TransactionReceipt } from 'viem'
import { allow } from '../chain/permit.ts'
import { onChainTerms } from '../chain/structs.ts'
import { waitUntil } from '../clock.ts'
import type { Link } from '../connection.ts'
import { type PublishInput, publishDataset } from './publish.ts'
import { type CampaignResult, listResults, type ResultOptions } from './results.ts'

type CampaignDocument = ResponseOf<Endpoints['getCampaign']>

/** One campaign as its requester works with it. */
export interface Campaign {
  id: Hex
  /** Terms, spec, money, progress in short. */
  read(): Promise<CampaignDocument>
  progress(): Promise<ResponseOf<Endpoints['getProgress']>>
  batches(): Promise<ResponseOf<Endpoints['listBatches']>['data']>
  /** Final results; with `follow` also those to come, until the campaign is closed. */
  results(options?: ResultOptions): AsyncIterable<CampaignResult>
  export(format?: 'jsonl' | 'csv'): Promise<Response>
  topUp(amount: bigint): Promise<TransactionReceipt>
  /** Ends the intake of new work; what was accepted is still settled. */
  close(): Promise<TransactionReceipt>
  /** Resolves with the campaign once it stands there. */
  waitFor(status: 'closing' | 'closed', seconds?: number): Promise<CampaignDocument>
  /** Pays operator and treasury their fees on what is final. */
  collectFees(): Promise<TransactionReceipt>
  /** Pays back what a closed campaign did not spend. */
  refund(): Promise<TransactionReceipt>
  /** Makes a dataset of the final results, mints its passport and lists it. */
  publish(input: PublishInput): Promise<Awaited<ReturnType<typeof publishDataset>>>
}

/** A handle on a campaign; nothing is asked before the first call. */
export function campaignHandle(link: Link, id: Hex): Campaign {
  const params = { id }
  const read = () => link.api.getCampaign({ params })
  const write = async (what: string, functionName: 'close' | 'refund' | 'collectFees') => {
    const [chain, { terms }] = await Promise.all([link.chain(), read()])
    const address = chain.network.contracts.campaigns
    return await chain.write({
      what,
      address,
      abi: campaignsAbi,
      functionName,
      args: [onChainTerms(terms)],
    })
  }
  return {
    id,
    read,
    progress: () => link.api.getProgress({ params }),
    batches: async () => (await link.api.listBatches({ params })).data,
    results: (options) => listResults(link, id, options),
    export: (format = 'jsonl') => link.api.exportResults({ params, query: { format } }),
    async topUp(amount) {
      const [chain, { terms }] = await Promise.all([link.chain(), read()])
      const address = chain.network.contracts.campaigns
      const wallet = link.requireWallet()
      const permit = await allow({ chain, wallet, token: terms.token, spender: address, value: amount })
      return await chain.write({
        what: 'Topping up the campaign',
        address,
        abi: campaignsAbi,
        functionName: 'topUp',
        args: [onChainTerms(terms), amount, permit],
      })
    },
    close: () => write('Closing the campaign', 'close'),
    refund: () => write('Refunding the campaign', 'refund'),
    collectFees: () => write('Collecting the fees', 'collectFees'),
    async waitFor(status, seconds = 600) {
      return await waitUntil(
        async () => {
          const document = await read()
          return document.status === status || document.status === 'closed' ? document : null
        },
        {
          seconds,
          onTimeout: () =>
            new TaggerError('unavailable', `The campaign is not ${status} after ${seconds} seconds`),
        },
      )
    },
    publish: (input) => publishDataset(link, id, input),
  }
}
