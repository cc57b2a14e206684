import { campaignsAbi } from '@tagger/contracts/abi'
import { type Address, type Hex, TaggerError } from '@tagger/protocol'
import { allow } from '../chain/permit.ts'
import { onChainTerms } from '../chain/structs.ts'
import { waitUntil } from '../clock.ts'
import type { Link } from '../connection.ts'
import { keepCampaign } from '../work/kept.ts'
import { type Campaign, campaignHandle } from './campaign.ts'
import {
  type Acceptance,
  createDraft,
  type Draft,
  type ItemFile,
  type PayInput,
  type UploadReport,
} from './draft.ts'
import type { SpecInput } from './spec.ts'

/** One item as data by key; `gold` is its known answer, which workers never see. */
export type ItemInput = Readonly<Record<string, string>> | string

export interface CampaignInput extends PayInput {
  spec: SpecInput
  /** Texts, or data by key. */
  items?: readonly ItemInput[]
  /** Known answers by index of `items`. */
  gold?: ReadonlyMap<number, string>
  /** Files instead of items, or beside them. */
  files?: readonly ItemFile[]
  /** Column of the files that holds known answers. */
  goldColumn?: string
  /** Money put in; what the node says no lease is ever refused for, when left out. */
  deposit?: bigint
  /** What is going on, for progress bars. */
  onStep?: (step: 'drafted' | 'uploaded' | 'accepted' | 'opened' | 'listed', detail: string) => void
}

const GOLD_COLUMN = 'gold'
const LISTED_SECONDS = 60

/** Draft, upload, acceptance, deposit: an open campaign that the node lists. */
export async function createCampaign(link: Link, input: CampaignInput): Promise<Campaign> {
  const draft = await createDraft(link, input.spec)
  input.onStep?.('drafted', draft.id)
  await uploadAll(draft, input)
  const accepted = await draft.accept(input)
  input.onStep?.('accepted', accepted.campaignId)
  return await openAccepted(link, accepted, input)
}

/** Opens a campaign whose terms the operator accepted: permit and deposit in one transaction. */
export async function openAccepted(
  link: Link,
  accepted: Acceptance,
  { deposit = accepted.cost.deposit, onStep }: Pick<CampaignInput, 'deposit' | 'onStep'> = {},
): Promise<Campaign> {
  const { terms, campaignId } = accepted
  const chain = await link.chain()
  const { campaigns } = chain.network.contracts
  const permit = await allow({
    chain,
    wallet: link.requireWallet(),
    token: terms.token,
    spender: campaigns,
    value: deposit,
  })
  const { transactionHash } = await chain.write({
    what: 'Opening the campaign',
    address: campaigns,
    abi: campaignsAbi,
    functionName: 'open',
    args: [onChainTerms(terms), deposit, accepted.acceptance, permit],
  })
  onStep?.('opened', transactionHash)
  const { title } = await waitUntilListed(link, { id: campaignId, requester: terms.requester })
  await keepCampaign(link.kept, { id: campaignId, title, terms, network: chain.network })
  onStep?.('listed', campaignId)
  return campaignHandle(link, campaignId)
}

async function uploadAll(draft: Draft, input: CampaignInput): Promise<void> {
  const { items = [], files = [], gold = new Map<number, string>(), onStep } = input
  const reports: UploadReport[] = []
  if (items.length > 0) {
    const file = { name: 'items.jsonl', mediaType: 'application/x-ndjson', bytes: toJsonLines(items, gold) }
    reports.push(await draft.upload(file, { goldColumn: gold.size > 0 ? GOLD_COLUMN : undefined }))
  }
  for (const file of files) reports.push(await draft.upload(file, { goldColumn: input.goldColumn }))
  const rejected = reports.flatMap((report) => report.rejected.map((row) => ({ file: report.file, ...row })))
  if (rejected.length > 0) {
    throw new TaggerError('bad-request', `${rejected.length} items were refused: ${rejected[0]!.message}`, {
      hints: rejected.slice(0, 5).map(({ file, row, message }) => `${file}, row ${row}: ${message}`),
      data: { rejected: rejected.slice(0, 100) },
    })
  }
  const accepted = reports.reduce((sum, report) => sum + report.accepted, 0)
  onStep?.('uploaded', `${accepted} items`)
}

function toJsonLines(items: readonly ItemInput[], gold: ReadonlyMap<number, string>): string {
  const lines = items.map((item, index) => {
    const data = typeof item === 'string' ? { text: item } : item
    const answer = gold.get(index)
    return JSON.stringify(answer === undefined ? data : { ...data, [GOLD_COLUMN]: answer })
  })
  return `${lines.join('\n')}\n`
}

/** The node lists a campaign once its indexer has seen the block; asking for it by its id before would be an error. */
async function waitUntilListed(
  link: Link,
  { id, requester }: { id: Hex; requester: Address },
): Promise<{ title: string }> {
  return await waitUntil(
    async () => {
      const { data } = await link.api.listCampaigns({ query: { requester } })
      return data.find((campaign) => campaign.id === id) ?? null
    },
    {
      seconds: LISTED_SECONDS,
      onTimeout: () =>
        new TaggerError('unavailable', 'The campaign is open on chain, but the node does not list it yet', {
          hints: [`Look again later: ${id}`],
          data: { campaignId: id },
        }),
    },
  )
}
