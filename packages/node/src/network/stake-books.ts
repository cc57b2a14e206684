import { tagTokenAbi } from '@tagger/contracts/abi'
import { fromChain } from '../chain/from-chain.ts'
import { sql } from '../db/sql.ts'
import type { Node } from '../node.ts'
import { clearAlarm, raiseAlarm } from './alarms.ts'
import { atOneHeight } from './at-one-height.ts'

const ALARM = 'reconciliation-stakes'

/** All stake of the network by the ledger, beside what the contract holds; in TAG's smallest unit. */
export interface StakeBooks {
  staked: bigint
  cooling: bigint
  /** Slashed and not collected yet. */
  credited: bigint
  held: bigint
  /** The contract holds what it owes. It may hold more: anyone can send it TAG. */
  isCovered: boolean
}

/** Compares what is at stake with what `Staking` holds, raises the alarm or clears it. Throws `chain-unreachable`. */
export async function reconcileStakes(node: Node): Promise<StakeBooks> {
  const books = await atOneHeight(node, compare, ({ isCovered }) => isCovered)
  if (books.isCovered) await clearAlarm(node, ALARM)
  else {
    await raiseAlarm(node, {
      id: ALARM,
      message: 'Staking holds less TAG than the ledger says it owes',
      data: { ...books },
    })
  }
  return books
}

async function compare({ db, chain }: Node): Promise<StakeBooks> {
  const [row] = await db.query<Record<'staked' | 'cooling' | 'credited', string>>(sql`
    select coalesce(sum(staked), 0) as staked, coalesce(sum(cooling), 0) as cooling,
      coalesce(sum(slashed - collected), 0) as credited from stakes`)
  const [staked, cooling, credited] = [row!.staked, row!.cooling, row!.credited].map(BigInt) as [
    bigint,
    bigint,
    bigint,
  ]
  const { tagToken, staking } = chain.contracts
  const held = await fromChain(() =>
    chain.client.readContract({
      address: tagToken,
      abi: tagTokenAbi,
      functionName: 'balanceOf',
      args: [staking],
    }),
  )
  return { staked, cooling, credited, held, isCovered: held >= staked + cooling + credited }
}
