import { campaignsAbi } from '@tagger/contracts/abi'
import type { Hex } from '@tagger/protocol'
import { endpoints, type ReplyOf } from '@tagger/protocol/wire'
import { fromChain } from '../chain/from-chain.ts'
import type { Database } from '../db/database.ts'
import { sql } from '../db/sql.ts'
import type { Routes } from '../http/routes.ts'
import type { Node } from '../node.ts'
import { clearAlarm, raiseAlarm } from './alarms.ts'
import { atOneHeight } from './at-one-height.ts'
import { reconcileStakes, type StakeBooks } from './stake-books.ts'

/** One side of a campaign's books, in the token's smallest unit. */
export interface Side {
  funded: bigint
  payoutsTotal: bigint
  claimed: bigint
  fees: bigint
  refunded: bigint
}

const ALARM = 'reconciliation'
const EVERY_MILLISECONDS = 60_000
const PARALLEL = 20

/** The node's ledger beside the chain, for anyone. */
export function reconciliationRoutes(routes: Routes, node: Node): void {
  routes.on(endpoints.getReconciliation, async () =>
    toDocument(node, await reconcile(node), await reconcileStakes(node)),
  )
}

/** Compares every minute and raises an alarm on any difference. */
export function startReconciliation(node: Node): { stop(): Promise<void> } {
  let running: Promise<void> = Promise.resolve()
  const timer = setInterval(() => {
    running = running.then(async () => {
      try {
        await reconcile(node)
        await reconcileStakes(node)
      } catch (error) {
        node.log.warn('Ledger and chain could not be compared', { reason: (error as Error).message })
      }
    })
  }, EVERY_MILLISECONDS)
  return {
    async stop() {
      clearInterval(timer)
      await running
    },
  }
}

interface Comparison {
  id: Hex
  ledger: Side
  chain: Side
  isEqual: boolean
}

const running = new WeakMap<Node, Promise<Comparison[]>>()

/**
 * Compares each campaign's books, raises the alarm or clears it. Whoever asks while a comparison runs gets that one:
 * each asks the chain about every campaign. Throws `chain-unreachable`.
 */
export function reconcile(node: Node): Promise<Comparison[]> {
  const known = running.get(node)
  if (known !== undefined) return known
  const comparison = compareAndTell(node).finally(() => running.delete(node))
  running.set(node, comparison)
  return comparison
}

async function compareAndTell(node: Node): Promise<Comparison[]> {
  const campaigns = await atOneHeight(node, compare, (all) => all.every(({ isEqual }) => isEqual))
  const wrong = campaigns.filter(({ isEqual }) => !isEqual)
  if (wrong.length === 0) await clearAlarm(node, ALARM)
  else {
    await raiseAlarm(node, {
      id: ALARM,
      message: `The ledger differs from the chain in ${wrong.length} of ${campaigns.length} campaigns`,
      data: { campaigns: wrong.slice(0, 10) },
    })
  }
  return campaigns
}

async function compare(node: Node): Promise<Comparison[]> {
  const ledger = await readLedger(node.db)
  const chain = await readChain(
    node,
    ledger.map(({ id }) => id),
  )
  return ledger.map(({ id, side, isSummed }, i) => ({
    id,
    ledger: side,
    chain: chain[i]!,
    isEqual: isSummed && isSameSide(side, chain[i]!),
  }))
}

/** Whether two sides agree to the unit. */
export function isSameSide(a: Side, b: Side): boolean {
  return (Object.keys(a) as (keyof Side)[]).every((key) => a[key] === b[key])
}

async function readLedger(db: Database): Promise<{ id: Hex; side: Side; isSummed: boolean }[]> {
  const rows = await db.query<Record<string, string> & { id: Hex }>(sql`
    select c.id, c.funded, c.payouts_total, c.claimed, c.fees_paid, c.refunded,
      coalesce((select sum(amount) from claims x where x.campaign_id = c.id), 0) as claims,
      coalesce((select sum(p.amount) from payouts p where p.batch = c.last_final), 0) as payouts
    from campaigns c order by c.opened_at, c.id`)
  return rows.map((row) => ({
    id: row.id,
    side: {
      funded: BigInt(row.funded!),
      payoutsTotal: BigInt(row.payouts_total!),
      claimed: BigInt(row.claimed!),
      fees: BigInt(row.fees_paid!),
      refunded: BigInt(row.refunded!),
    },
    // Single claims and single payouts must add up to the totals folded from events.
    isSummed: row.claims === row.claimed && row.payouts === row.payouts_total,
  }))
}

async function readChain(node: Node, ids: readonly Hex[]): Promise<Side[]> {
  const sides: Side[] = []
  for (let i = 0; i < ids.length; i += PARALLEL) {
    sides.push(...(await Promise.all(ids.slice(i, i + PARALLEL).map((id) => readCampaign(node, id)))))
  }
  return sides
}

async function readCampaign(node: Node, id: Hex): Promise<Side> {
  const campaign = await fromChain(() =>
    node.chain.client.readContract({
      address: node.chain.contracts.campaigns,
      abi: campaignsAbi,
      functionName: 'campaigns',
      args: [id],
    }),
  )
  return {
    funded: campaign.funded,
    payoutsTotal: campaign.payoutsTotal,
    claimed: campaign.claimedTotal,
    fees: campaign.operatorFeePaid + campaign.protocolFeePaid,
    refunded: campaign.refunded,
  }
}

function toDocument(
  node: Node,
  campaigns: Comparison[],
  stakes: StakeBooks,
): ReplyOf<typeof endpoints.getReconciliation> {
  const { staked, cooling, credited, held, isCovered } = stakes
  return {
    ok: isCovered && campaigns.every(({ isEqual }) => isEqual),
    checkedAt: node.now().toISOString(),
    campaigns: campaigns.map(({ id, isEqual, ledger, chain }) => ({
      id,
      isEqual,
      ledger: sideDocument(ledger),
      chain: sideDocument(chain),
    })),
    stakes: {
      staked: staked.toString(),
      cooling: cooling.toString(),
      credited: credited.toString(),
      held: held.toString(),
      isCovered,
    },
  }
}

function sideDocument(side: Side) {
  const entries = Object.entries(side).map(([key, amount]: [string, bigint]) => [key, amount.toString()])
  return Object.fromEntries(entries) as Record<keyof Side, string>
}
