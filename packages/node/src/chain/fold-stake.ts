import type { Address } from '@tagger/protocol'
import { amountOf, type ChainEvent, hexOf } from './event.ts'

/** What the chain says of an account's stake, in TAG's smallest unit. */
export interface StakeOnChain {
  /** All that is not cooling. */
  staked: bigint
  cooling: bigint
  /** Seconds since epoch; 0 when nothing is cooling. */
  coolingUntil: number
  /** What contracts have locked of it, by their address. */
  locks: Readonly<Record<Address, bigint>>
  validating: bigint
  /** What slashes took from it. */
  slashed: bigint
  /** What slashes of others gave it and it has collected. */
  collected: bigint
  /** In the governor, with what others delegate to it. */
  votes: bigint
  /** Null while it votes for itself. */
  delegate: Address | null
}

/** An account that never staked. */
export const NO_STAKE: StakeOnChain = {
  ...{ staked: 0n, cooling: 0n, coolingUntil: 0, locks: {}, validating: 0n },
  ...{ slashed: 0n, collected: 0n, votes: 0n, delegate: null },
}

/** A stake after one more event of its account. */
export function foldStake(stake: StakeOnChain, event: ChainEvent): StakeOnChain {
  switch (event.name) {
    case 'Staked':
      return { ...stake, staked: stake.staked + amountOf(event, 'amount') }
    case 'CoolingStarted': {
      const amount = amountOf(event, 'amount')
      const coolingUntil = Number(event.args.until)
      return { ...stake, staked: stake.staked - amount, cooling: stake.cooling + amount, coolingUntil }
    }
    case 'Withdrawn':
      return { ...stake, cooling: stake.cooling - amountOf(event, 'amount'), coolingUntil: 0 }
    case 'ValidatorStakeSet':
      return { ...stake, validating: amountOf(event, 'amount') }
    case 'Locked':
      return withLock(stake, event, amountOf(event, 'amount'))
    case 'Unlocked':
      return withLock(stake, event, -amountOf(event, 'amount'))
    case 'Slashed': {
      // Both contracts take what they have locked, all of it and no more, so it never comes out of what is cooling.
      const amount = amountOf(event, 'amount')
      const rest = { ...stake, staked: stake.staked - amount, slashed: stake.slashed + amount }
      return withLock(rest, event, -amount)
    }
    case 'Collected':
      return { ...stake, collected: stake.collected + amountOf(event, 'amount') }
    case 'DelegateVotesChanged':
      return { ...stake, votes: amountOf(event, 'newVotes') }
    case 'DelegateChanged': {
      const delegate = hexOf(event, 'toDelegate')
      return { ...stake, delegate: delegate === event.args.delegator ? null : delegate }
    }
    default:
      return stake
  }
}

function withLock(stake: StakeOnChain, event: ChainEvent, change: bigint): StakeOnChain {
  const locker = hexOf(event, 'locker')
  const { [locker]: locked = 0n, ...others } = stake.locks
  const left = locked + change
  return { ...stake, locks: left === 0n ? others : { ...others, [locker]: left } }
}
