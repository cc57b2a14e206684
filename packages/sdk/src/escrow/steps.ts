import type { Address, SignedReceipt } from '@tagger/protocol'
import type { EscrowFacts, PendingBatch } from './facts.ts'

/** Something an account can have the escrow do now; nobody's good will is needed. Amounts in the smallest unit. */
export type Step =
  /** Show that the pending batch leaves out a receipt: for who looked into the batch and did not find it there. */
  | { act: 'contest'; until: number }
  /** Drop a pending batch because a contest of it was not answered in time. */
  | { act: 'void' }
  /** Get what a final batch pays, whose proof is kept here. */
  | { act: 'claim'; amount: bigint }
  /** Move the clocks that are due. */
  | { act: 'advance'; to: 'final' | 'closing' | 'silent' | 'closed' }
  /** Have a receipt paid that is worth this much more than its account was paid. */
  | { act: 'register'; until: number; amount: bigint }
  /** Get what is due for the registered receipt. */
  | { act: 'collect'; amount: bigint }
  /** Bring the requester what the campaign did not spend. */
  | { act: 'refund'; amount: bigint }
  | { act: 'fees'; amount: bigint }

/** What time alone will bring. */
export interface Wait {
  for: 'final' | 'answers' | 'dispute' | 'silence' | 'check' | 'checked'
  /** Seconds since epoch; null when nobody can tell. */
  until: number | null
}

export interface Steps {
  now: Step[]
  next: Wait | null
}

/** When the operator has let its time pass. */
export function silentFrom({ terms, disputedTime }: EscrowFacts): number {
  return terms.deadline + terms.grace + disputedTime
}

/** Until when receipts may be registered; counted from now while the campaign did not fall silent yet. */
export function registerUntil({ terms, silentAt, now }: EscrowFacts): number {
  return (silentAt === 0 ? now : silentAt) + terms.grace + terms.challengeWindow
}

/** Until when they are checked. */
export function checkUntil(facts: EscrowFacts): number {
  return registerUntil(facts) + facts.terms.challengeWindow
}

/** Whether the operator has let its time pass, whether or not anyone moved the campaign on. */
export function isSilent(facts: EscrowFacts): boolean {
  if (facts.silentAt !== 0) return true
  return facts.status !== 'closed' && facts.pending === null && facts.now >= silentFrom(facts)
}

/** What a receipt is worth above what its account has claimed, were it registered now. */
export function dueFor({ terms, claimed }: EscrowFacts, receipt: SignedReceipt): bigint {
  const most = claimed + terms.floorPay * BigInt(receipt.count)
  const worth = receipt.owedAtLeast < most ? receipt.owedAtLeast : most
  return worth > claimed ? worth - claimed : 0n
}

/**
 * What the account can have the escrow do, most urgent first, and what it waits for. Steps that need the clocks moved
 * or pay claimed first are told as if they were. `receipt` is the account's newest, null when it has none, `finalPay` the
 * most that a final batch pays it by a proof kept here.
 */
export function stepsFor(known: EscrowFacts, receipt: SignedReceipt | null, finalPay = 0n): Steps {
  const now: Step[] = []
  if (finalPay > known.claimed) now.push({ act: 'claim', amount: finalPay - known.claimed })
  const facts = { ...known, claimed: max(known.claimed, finalPay) }
  const to = advanceTo(facts)
  if (canContest(facts, receipt)) {
    const { elapsed, isStopped } = facts.pending!
    now.push({
      act: 'contest',
      // While the clock stands still the window moves on with it.
      until: isStopped ? facts.now : facts.now + facts.terms.challengeWindow - elapsed,
    })
  }
  if (isVoidDue(facts)) now.push({ act: 'void' })
  if (to !== null) now.push({ act: 'advance', to })
  // What a batch will leave is known when it is final.
  const isAhead = to === 'silent' || (to === 'closed' && facts.status === 'silent')
  const status = isAhead ? to : facts.status
  if (status === 'silent' && receipt !== null) {
    const isRegistered = facts.receiptStatus === 'registered'
    const until = isRegistered ? checkUntil(facts) : registerUntil(facts)
    const amount = dueFor(facts, receipt) + facts.claimed - max(facts.claimed, facts.worth)
    if (facts.now < until && amount > 0n) now.push({ act: 'register', until, amount })
  }
  if (status === 'closed') {
    const { pool, refund } = shares(facts, isAhead)
    const due = facts.receiptStatus === 'registered' ? facts.worth - known.claimed : 0n
    if (due > 0n) now.push({ act: 'collect', amount: (pool * due) / facts.receiptsDue })
    if (facts.account === facts.terms.requester && refund > 0n) now.push({ act: 'refund', amount: refund })
  }
  if (facts.feesDue > 0n) now.push({ act: 'fees', amount: facts.feesDue })
  return { now, next: to === null ? waitOf(facts, receipt) : null }
}

/** Accounts for which something was shown that nobody has answered. */
export function unansweredOf({ contests }: PendingBatch): Address[] {
  return contests.filter(({ isAnswered }) => !isAnswered).map(({ account }) => account)
}

/** What `advance` would come to, null when nothing is due. */
function advanceTo(facts: EscrowFacts): 'final' | 'closing' | 'silent' | 'closed' | null {
  const { pending, terms, now } = facts
  let { status } = facts
  const isFinal =
    pending !== null &&
    !pending.isStopped &&
    unansweredOf(pending).length === 0 &&
    pending.elapsed >= terms.challengeWindow
  if (isFinal && pending.header.closing) return 'closed'
  const isClosing = status === 'open' && now >= terms.deadline
  if (isClosing) status = 'closing'
  const isWaiting = pending !== null && !isFinal
  if ((status === 'open' || status === 'closing') && !isWaiting && now >= silentFrom(facts)) return 'silent'
  if (status === 'silent' && now >= checkUntil(facts)) return 'closed'
  if (isClosing) return 'closing'
  return isFinal ? 'final' : null
}

function canContest({ pending, terms, account }: EscrowFacts, receipt: SignedReceipt | null): boolean {
  if (pending === null || receipt === null) return false
  const shown = pending.contests.find((contest) => contest.account === account)
  const isMore =
    shown === undefined ||
    receipt.count > shown.count ||
    (pending.header.closing && receipt.owedAtLeast > shown.amount)
  // An operator could leave receipts out of a closing batch by cutting it early.
  const latest = pending.header.closing ? pending.proposedAt : pending.header.cutAt
  const isInWindow = pending.isStopped || pending.elapsed < terms.challengeWindow
  return isMore && isInWindow && receipt.issuedAt <= latest
}

function isVoidDue({ pending, terms }: EscrowFacts): boolean {
  if (pending === null || pending.isStopped || unansweredOf(pending).length === 0) return false
  return pending.elapsed >= 2 * terms.challengeWindow
}

/** What is set aside for receipts, and what the requester gets back. */
function shares(facts: EscrowFacts, isAhead: boolean): { pool: bigint; refund: bigint } {
  const { receiptsDue, receiptsPool, unspent } = facts
  if (!isAhead) return { pool: receiptsPool, refund: unspent }
  const pool = receiptsDue < unspent ? receiptsDue : unspent
  return { pool, refund: unspent - pool }
}

function waitOf(facts: EscrowFacts, receipt: SignedReceipt | null): Wait | null {
  const { pending, status, terms, now } = facts
  if (pending?.isStopped) return { for: 'dispute', until: null }
  if (pending !== null) {
    const isContested = unansweredOf(pending).length > 0
    const left = (isContested ? 2 : 1) * terms.challengeWindow - pending.elapsed
    return left > 0 ? { for: isContested ? 'answers' : 'final', until: now + left } : null
  }
  if (status === 'closed') return null
  if (status !== 'silent') return { for: 'silence', until: silentFrom(facts) }
  const isOpen = receipt !== null && facts.receiptStatus === 'none' && now < registerUntil(facts)
  return isOpen ? { for: 'check', until: registerUntil(facts) } : { for: 'checked', until: checkUntil(facts) }
}

function max(a: bigint, b: bigint): bigint {
  return a > b ? a : b
}
