import { type Address, TaggerError } from '@tagger/protocol'
import { type endpoints, isAmount, type ReplyOf } from '@tagger/protocol/wire'
import { decodeCursor, encodeCursor } from '../campaigns/cursor.ts'
import type { Contracts, Node } from '../node.ts'
import { isoTime } from './iso-time.ts'
import { type StakeRow, selectStake, selectStakes } from './queries.ts'

type Listed = ReplyOf<(typeof endpoints)['listStakes']>
type Stake = Listed['data'][number]

const NONE = { staked: '0', cooling: '0', cooling_until: 0, locks: {}, validating: '0', slashed: '0' }

/** A page of accounts with stake or votes, most stake first: all, those behind campaigns, or those that validate. */
export async function listStakes(
  node: Node,
  filter: { role?: 'operator' | 'validator'; cursor?: string; limit: number },
): Promise<Listed> {
  const { role, cursor, limit } = filter
  const { contracts } = node.chain
  const place = decodeCursor(cursor, ['string', 'string'])
  if (place && !isAmount(place[0])) throw new TaggerError('bad-request', 'This cursor was not made here')
  const rows = await node.db.query<StakeRow>(
    selectStakes({
      locker: role === 'operator' ? contracts.campaigns : null,
      isValidator: role === 'validator',
      after: place && { staked: place[0] as string, account: place[1] as string },
      limit: limit + 1,
    }),
  )
  const last = rows[limit - 1]
  return {
    data: rows.slice(0, limit).map((row) => documentOf(row, contracts)),
    nextCursor: rows.length > limit && last ? encodeCursor([last.staked, last.account]) : null,
  }
}

/** What an account has at stake; zeros when it has none. */
export async function getStake(node: Node, account: Address): Promise<Stake> {
  const [row] = await node.db.query<StakeRow>(selectStake(account))
  return documentOf(row ?? { ...NONE, account, votes: '0', delegate: null }, node.chain.contracts)
}

function documentOf(row: StakeRow, contracts: Contracts): Stake {
  const bonded = row.locks[contracts.campaigns] ?? '0'
  return {
    account: row.account,
    staked: row.staked,
    cooling: row.cooling,
    coolingUntil: row.cooling_until === 0 ? null : isoTime(row.cooling_until),
    bonded,
    validating: row.validating,
    engaged: row.locks[contracts.disputes] ?? '0',
    free: (BigInt(row.staked) - BigInt(bonded) - BigInt(row.validating)).toString(),
    slashed: row.slashed,
    votes: row.votes,
    delegate: row.delegate ?? row.account,
  }
}
