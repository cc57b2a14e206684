import { type Hex, METHOD_VERSIONS, type Method } from '@tagger/protocol'
import { seededRandom, shuffled } from '@tagger/protocol/seeded'
import { type Campaign, completeSpec, type Tagger } from '@tagger/sdk'
import { fund } from '../funding.ts'
import { answersPerTask, type Crowd } from './crowd.ts'
import { money } from './report.ts'

const GOLD_SHARE = 0.05
const FIRST_BATCH_SHARE = 0.8
const BASE_PAY = 20_000n

/** Tasks whose answer the campaign knows beforehand: 5 % of those with a truth. */
export function goldTasks(crowd: Crowd): Set<string> {
  const known = crowd.tasks.map(({ task }) => task).filter((task) => crowd.truth.has(task))
  const count = Math.max(1, Math.round(known.length * GOLD_SHARE))
  return new Set(shuffled(known, seededRandom(`gold/${crowd.name}`)).slice(0, count))
}

/** The rules: as many answers per item as the data holds, so that every one is played and none is missing. */
export function specOf(crowd: Crowd, method: Method) {
  const answers = [...answersPerTask(crowd).values()]
  const most = Math.max(...answers)
  const complete = answers.filter((count) => count === most).length
  // One batch when most is in, one for the rest when the campaign closes.
  const items = Math.max(1, Math.floor(complete * FIRST_BATCH_SHARE))
  return completeSpec({
    title: crowd.title,
    labelingConfig: crowd.labelingConfig,
    instructions: 'Answers that people gave before, played again.',
    tags: ['replay', crowd.name],
    redundancy: { min: most, max: most, targetConfidence: 1_000_000 },
    batch: { periodSeconds: 1, minItems: items, maxItems: items },
    consensus: { method, version: METHOD_VERSIONS[method] },
  })
}

/** Opens the campaign of a replay, or finds the one an earlier run opened. */
export async function openCampaign(
  requester: Tagger,
  crowd: Crowd,
  method: Method,
  say: (line: string) => void,
): Promise<Campaign> {
  const { account } = requester.wallet!
  const { data } = await requester.api.listCampaigns({ query: { requester: account } })
  if (data[0] !== undefined) return requester.campaign(data[0].id as Hex)
  const gold = goldTasks(crowd)
  const lines = crowd.tasks.map(({ task, data: fields }) =>
    JSON.stringify(gold.has(task) ? { ...fields, gold: crowd.truth.get(task) } : fields),
  )
  const draft = await requester.createDraft(specOf(crowd, method))
  const file = {
    name: `${crowd.name}.jsonl`,
    mediaType: 'application/x-ndjson',
    bytes: `${lines.join('\n')}\n`,
  }
  const report = await draft.upload(file, { goldColumn: 'gold' })
  const refused = report.rejected[0]
  if (refused !== undefined) throw new Error(`Row ${refused.row} was refused: ${refused.message}`)
  say(`  uploaded ${report.accepted} items, ${report.gold} of them with a known answer`)
  const accepted = await draft.accept({ basePay: BASE_PAY })
  await fund(requester, accepted.cost.deposit)
  const campaign = await requester.openCampaign(accepted)
  const { decimals, symbol } = accepted.token
  say(`  opened ${campaign.id} with ${money(accepted.cost.deposit, decimals)} ${symbol}`)
  return campaign
}
