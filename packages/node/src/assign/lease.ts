import { type Address, type Hex, isEligible, TaggerError } from '@tagger/protocol'
import type { Database } from '../db/database.ts'
import { newId } from '../db/id.ts'
import type { Node } from '../node.ts'
import { standingIn } from '../validate/standing.ts'
import { coveredRecords } from './budget.ts'
import type { WorkCampaign } from './campaign.ts'
import {
  type Avoid,
  countOthersHeld,
  expireLeases,
  type LeaseKind,
  type LeaseRow,
  leaseAnnotations,
  leaseNamed,
  leaseReviews,
  selectAnswered,
  selectFunds,
  selectRunning,
  selectWanted,
} from './queries.ts'

/** Running leases of one worker in one campaign outside a local network: more would only keep items from others. */
const MOST_LEASES = 200
/** Requests pass over what others are looking at; a few turns later those are done. */
const MOST_TURNS = 5

export interface LeaseRequest {
  account: Address
  kind: LeaseKind
  count: number
  /** Local network only. */
  items: readonly Hex[] | null
}

export interface Leased {
  leases: LeaseRow[]
  shortfall: 'none' | 'no-work' | 'underfunded'
}

/** Leases up to `count` items to a worker: what they already hold first, then what is nearest to complete. */
export async function leaseItems(node: Node, campaign: WorkCampaign, request: LeaseRequest): Promise<Leased> {
  checkRequest(node, campaign, request)
  checkStanding(campaign, request)
  for (let turn = 1; ; turn++) {
    const leased = await leaseOnce(node, campaign, request)
    if (leased.shortfall !== 'no-work' || turn === MOST_TURNS) return leased
    if (!(await isWorkHeld(node, campaign, request))) return leased
  }
}

async function isWorkHeld(
  node: Node,
  { id: campaignId, draftId, spec }: WorkCampaign,
  { account, kind, items }: LeaseRequest,
): Promise<boolean> {
  if (kind !== 'annotation' || items !== null) return false
  const { min } = spec.redundancy
  return (await node.db.query(selectWanted({ campaignId, account, kind, draftId, min }))).length > 0
}

async function leaseOnce(node: Node, campaign: WorkCampaign, request: LeaseRequest): Promise<Leased> {
  return await node.db.transaction(async (tx) => {
    const now = node.now()
    const funded = await checkOpen(tx, campaign, now)
    await tx.query(expireLeases(campaign, now))
    const caller = { campaignId: campaign.id, account: request.account, kind: request.kind }
    const most = Math.min(node.chain.isLocal ? Infinity : MOST_LEASES, await roomFor(tx, node, caller, now))
    const count = Math.min(request.items?.length ?? request.count, most)
    const running = await tx.query<LeaseRow>(selectRunning(caller, request.items))
    if (running.length >= count) return { leases: running.slice(0, count), shortfall: 'none' }
    if (request.items !== null) await refuseAnswered(tx, caller, request.items)

    const wanted = count - running.length
    const covered = await coveredRecords(tx, campaign, request.kind, wanted, funded)
    const added = await pickItems(tx, node, campaign, request, covered, now)
    const leases = [...running, ...added]
    if (leases.length === count) return { leases, shortfall: 'none' }
    return { leases, shortfall: covered < wanted && added.length === covered ? 'underfunded' : 'no-work' }
  })
}

function checkRequest(node: Node, campaign: WorkCampaign, { account, kind, items }: LeaseRequest): void {
  if (items !== null && !node.chain.isLocal) {
    throw new TaggerError('forbidden', 'Items are chosen by the node on a public network', {
      hints: ['Leave `items` out; they can be named on a local network only.'],
    })
  }
  if (isEligible(campaign, account, kind)) return
  const isOwn = account === campaign.terms.requester || account === campaign.terms.operator
  throw new TaggerError(
    'not-eligible',
    isOwn
      ? 'The requester and the operator of a campaign never work on it'
      : `This campaign does not take a ${kind} from this account`,
    { hints: ['The campaign’s rules say who may work and who may review.'] },
  )
}

/** Whoever shows by the answers given that they do not look gets no more. */
function checkStanding(campaign: WorkCampaign, { account, kind, items }: LeaseRequest): void {
  if (kind !== 'annotation' || items !== null || !standingIn(campaign).stopped.has(account)) return
  throw new TaggerError(
    'not-eligible',
    'This campaign gives you no more items: your answers do not show that you looked at them',
    {
      hints: [
        'What you have answered is paid by its quality all the same.',
        'Other campaigns are open to you.',
      ],
    },
  )
}

/** Leases this account may hold of this work beside its others. Throws `quota-reached` when there is no room. */
async function roomFor(
  tx: Database,
  node: Node,
  caller: Parameters<typeof countOthersHeld>[0],
  now: Date,
): Promise<number> {
  const most = node.config.maxLeases ?? (node.chain.isLocal ? Infinity : 500)
  if (most === Infinity) return most
  const [others] = await tx.query<{ held: number }>(countOthersHeld(caller, now))
  const room = most - others!.held
  if (room > 0) return room
  throw new TaggerError('quota-reached', `You hold ${others!.held} assignments already`, {
    hints: [`One account may hold ${most} at once: answer some of them, or give them back.`],
    data: { held: others!.held, most },
  })
}

/** Returns the campaign's funds when it still gives out work. */
async function checkOpen(tx: Database, campaign: WorkCampaign, now: Date): Promise<bigint> {
  const [row] = await tx.query<{ status: string; funded: string }>(selectFunds(campaign.id))
  const isOver = now.getTime() >= campaign.terms.deadline * 1000
  if (row === undefined || row.status !== 'open' || isOver) {
    throw new TaggerError('campaign-not-open', 'This campaign gives out no more work', {
      hints: ['Answers to assignments that still run are accepted.'],
      data: { status: row?.status ?? null, deadline: campaign.terms.deadline },
    })
  }
  return BigInt(row.funded)
}

async function refuseAnswered(
  tx: Database,
  caller: Parameters<typeof selectAnswered>[0],
  items: readonly Hex[],
): Promise<void> {
  const answered = await tx.query<{ item: Hex }>(selectAnswered(caller, items))
  if (answered.length === 0) return
  throw new TaggerError('already-assigned', `You have answered ${answered.length} of these items already`, {
    hints: ['Revise the record instead; no worker gets an item twice.'],
    data: { items: answered.map((row) => row.item) },
  })
}

async function pickItems(
  tx: Database,
  node: Node,
  campaign: WorkCampaign,
  request: LeaseRequest,
  count: number,
  now: Date,
): Promise<LeaseRow[]> {
  if (count <= 0) return []
  const { spec, draftId, id: campaignId } = campaign
  const { account, kind, items } = request
  const expiresAt = new Date(now.getTime() + node.config.leaseSeconds * 1000)
  const pick = (room: number) => {
    const ids = Array.from({ length: room }, () => newId(now))
    return { campaignId, draftId, account, kind, ids, now, expiresAt }
  }
  const apart = standingIn(campaign).apart.get(account) ?? []
  const lease = (room: number, avoid: Avoid) => {
    if (kind === 'review') {
      const { reviews } = spec.review
      return leaseReviews({ ...pick(room), reviews, isCollect: spec.kind === 'collect', items, avoid })
    }
    if (items !== null) return leaseNamed({ ...pick(room), items, max: spec.redundancy.max })
    return leaseAnnotations({ ...pick(room), min: spec.redundancy.min, avoid })
  }
  // Items that those it is kept apart from had, and those it skipped, are better than none.
  const attempts: Avoid[] = [
    { skipped: true, apart },
    { skipped: false, apart },
  ]
  if (apart.length > 0) attempts.push({ skipped: false, apart: [] })
  const leased: LeaseRow[] = []
  for (const avoid of items === null ? attempts : attempts.slice(-1)) {
    const room = count - leased.length
    if (room > 0) leased.push(...(await tx.query<LeaseRow>(lease(room, avoid))))
  }
  return leased
}
