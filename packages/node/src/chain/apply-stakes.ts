import type { Address } from '@tagger/protocol'
import type { Database } from '../db/database.ts'
import { json, sql } from '../db/sql.ts'
import type { ChainEvent } from './event.ts'
import { foldStake, NO_STAKE, type StakeOnChain } from './fold-stake.ts'

interface StakeRow {
  staked: string
  cooling: string
  cooling_until: number
  locks: Record<Address, string>
  validating: string
  slashed: string
  collected: string
  votes: string
  delegate: Address | null
}

/** Folds events of an account's stake into its row; `isWhole` when these are all there are. */
export async function applyStake(
  tx: Database,
  account: string,
  events: readonly ChainEvent[],
  isWhole: boolean,
): Promise<void> {
  const stake = events.reduce(foldStake, isWhole ? NO_STAKE : await loadStake(tx, account))
  await tx.query(sql`delete from stakes where account = ${account}`)
  if (events.length === 0) return
  await tx.query(sql`
    insert into stakes (account, staked, cooling, cooling_until, locks, validating, slashed, collected, votes, delegate)
    values (${account}, ${stake.staked}, ${stake.cooling}, ${stake.coolingUntil}, ${json(stake.locks)},
      ${stake.validating}, ${stake.slashed}, ${stake.collected}, ${stake.votes}, ${stake.delegate})`)
}

async function loadStake(tx: Database, account: string): Promise<StakeOnChain> {
  const [row] = await tx.query<StakeRow>(sql`select * from stakes where account = ${account} for update`)
  if (!row) return NO_STAKE
  const locks = Object.entries(row.locks).map(([locker, amount]) => [locker, BigInt(amount)])
  return {
    staked: BigInt(row.staked),
    cooling: BigInt(row.cooling),
    coolingUntil: row.cooling_until,
    locks: Object.fromEntries(locks),
    validating: BigInt(row.validating),
    slashed: BigInt(row.slashed),
    collected: BigInt(row.collected),
    votes: BigInt(row.votes),
    delegate: row.delegate,
  }
}
