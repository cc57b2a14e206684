import { type SignedReceipt, ZERO32 } from '@tagger/protocol'
import { describe, expect, test } from 'vitest'
import type { EscrowFacts, PendingBatch } from '../src/escrow/facts.ts'
import { isSilent, stepsFor } from '../src/escrow/steps.ts'

const requester = `0x${'11'.repeat(20)}` as const
const worker = `0x${'22'.repeat(20)}` as const
const other = `0x${'33'.repeat(20)}` as const
const FLOOR = 10n
const DEADLINE = 10_000
const GRACE = 500
const WINDOW = 100

const receipt: SignedReceipt = {
  campaignId: ZERO32,
  account: worker,
  link: ZERO32,
  count: 6,
  owedAtLeast: 90n,
  issuedAt: 5_000,
  signature: '0x',
}

function factsOf(changes: Partial<EscrowFacts> = {}): EscrowFacts {
  return {
    campaignId: ZERO32,
    account: worker,
    terms: {
      requester,
      operator: other,
      receiptKey: other,
      token: other,
      specHash: ZERO32,
      basePay: 20n,
      floorPay: FLOOR,
      operatorFeeBps: 0,
      protocolFeeBps: 0,
      contributorsBps: 0,
      deadline: DEADLINE,
      grace: GRACE,
      challengeWindow: WINDOW,
      nonce: 0n,
    },
    now: 9_000,
    status: 'open',
    silentAt: 0,
    disputedTime: 0,
    pending: null,
    unspent: 1_000n,
    feesDue: 0n,
    receiptsDue: 0n,
    receiptsPool: 0n,
    claimed: 50n,
    worth: 0n,
    receiptStatus: 'none',
    ...changes,
  }
}

function pendingOf(changes: Partial<PendingBatch> = {}, closing = false): PendingBatch {
  const header = {
    campaignId: ZERO32,
    previous: ZERO32,
    index: 0,
    cutAt: 6_000,
    bundle: ZERO32,
    recordsRoot: ZERO32,
    resultsRoot: ZERO32,
    payoutsRoot: ZERO32,
    payoutsTotal: 0n,
    state: ZERO32,
    closing,
  }
  const clock = { proposedAt: 8_960, elapsed: 40, isStopped: false }
  return { batch: ZERO32, header, ...clock, contests: [], ...changes }
}

const SILENT = { status: 'silent', silentAt: 11_000, now: 11_010 } as const
const acts = (facts: EscrowFacts, own: SignedReceipt | null = receipt) =>
  stepsFor(facts, own).now.map(({ act }) => act)

describe('while the operator has time', () => {
  test('there is only waiting', () => {
    expect(stepsFor(factsOf(), receipt)).toEqual({
      now: [],
      next: { for: 'silence', until: DEADLINE + GRACE },
    })
  })

  test('disputes give it more', () => {
    const facts = factsOf({ now: DEADLINE + GRACE, disputedTime: 7, status: 'closing' })
    expect(stepsFor(facts, receipt).next).toEqual({ for: 'silence', until: DEADLINE + GRACE + 7 })
    expect(isSilent(facts)).toBe(false)
  })

  test('anyone closes at the deadline', () => {
    expect(stepsFor(factsOf({ now: DEADLINE }), null).now).toEqual([{ act: 'advance', to: 'closing' }])
  })
})

describe('a pending batch', () => {
  test('is contested within its window, by a receipt issued before it was cut that shows more than was shown', () => {
    const facts = factsOf({ pending: pendingOf() })
    expect(stepsFor(facts, receipt)).toEqual({
      now: [{ act: 'contest', until: 9_060 }],
      next: { for: 'final', until: 9_060 },
    })
    expect(acts(facts, { ...receipt, issuedAt: 6_001 })).toEqual([])
    expect(acts(facts, null)).toEqual([])
    const shown = { account: worker, count: 6, amount: 0n, isAnswered: true }
    expect(acts(factsOf({ pending: pendingOf({ contests: [shown] }) }))).toEqual([])
    expect(acts(factsOf({ pending: pendingOf({ contests: [{ ...shown, count: 5 }] }) }))).toEqual(['contest'])
    expect(acts(factsOf({ pending: pendingOf({ contests: [shown] }, true) }))).toEqual(['contest'])
    expect(acts(factsOf({ pending: pendingOf({ elapsed: WINDOW }) }))).toEqual(['advance'])
  })

  test('that is closing is held to receipts issued until its proposal', () => {
    const late = { ...receipt, issuedAt: 8_960 }
    expect(acts(factsOf({ pending: pendingOf({}, true) }), late)).toEqual(['contest'])
    expect(acts(factsOf({ pending: pendingOf({}, true) }), { ...late, issuedAt: 8_961 })).toEqual([])
  })

  test('is dropped when a contest stays unanswered for two windows, and holds silence up until then', () => {
    const contests = { contests: [{ account: other, count: 1, amount: 0n, isAnswered: false }] }
    const waiting = factsOf({ pending: pendingOf({ ...contests, elapsed: 150 }), now: 10_600 })
    expect(stepsFor(waiting, receipt)).toEqual({
      now: [{ act: 'advance', to: 'closing' }],
      next: null,
    })
    expect(acts(factsOf({ pending: pendingOf({ ...contests, elapsed: 200 }) }))).toEqual(['void'])
  })

  test('in a dispute waits for it', () => {
    const facts = factsOf({ pending: pendingOf({ isStopped: true, elapsed: 5_000 }) })
    expect(stepsFor(facts, null)).toEqual({ now: [], next: { for: 'dispute', until: null } })
  })
})

describe('a silent campaign', () => {
  test('is one before anybody moved it on', () => {
    const facts = factsOf({ now: DEADLINE + GRACE })
    expect(isSilent(facts)).toBe(true)
    expect(stepsFor(facts, receipt).now).toEqual([
      { act: 'advance', to: 'silent' },
      { act: 'register', until: DEADLINE + GRACE + GRACE + WINDOW, amount: 40n },
    ])
  })

  test('a receipt is worth its floor pay above what was claimed at most', () => {
    const register = (changes: Partial<EscrowFacts>, own = receipt) =>
      stepsFor(factsOf({ ...SILENT, ...changes }), own).now
    const until = 11_000 + GRACE + WINDOW
    expect(register({})).toEqual([{ act: 'register', until, amount: 40n }])
    expect(register({}, { ...receipt, owedAtLeast: 1_000n })).toEqual([
      { act: 'register', until, amount: 60n },
    ])
    expect(register({ claimed: 90n })).toEqual([])
    expect(register({ now: until })).toEqual([])
  })

  test('a registered one is replaced by a better one only, while receipts are checked too', () => {
    const registered = { ...SILENT, receiptStatus: 'registered', worth: 90n, receiptsDue: 40n } as const
    expect(acts(factsOf(registered))).toEqual([])
    const better = { ...receipt, count: 7, owedAtLeast: 100n }
    const late = { ...registered, now: 11_000 + GRACE + WINDOW }
    expect(stepsFor(factsOf(late), better).now).toEqual([
      { act: 'register', until: 11_000 + GRACE + 2 * WINDOW, amount: 10n },
    ])
  })

  test('once receipts are checked they are collected, everyone the same part when funds do not suffice', () => {
    const checked = { ...SILENT, now: 11_000 + GRACE + 2 * WINDOW, receiptStatus: 'registered' } as const
    const facts = factsOf({ ...checked, worth: 90n, receiptsDue: 80n, unspent: 20n })
    expect(stepsFor(facts, receipt).now).toEqual([
      { act: 'advance', to: 'closed' },
      { act: 'collect', amount: 10n },
    ])
  })

  test('pay of a final batch is claimed first, and what both count is paid once', () => {
    const facts = factsOf(SILENT)
    const until = 11_000 + GRACE + WINDOW
    expect(stepsFor(facts, receipt, 80n).now).toEqual([
      { act: 'claim', amount: 30n },
      { act: 'register', until, amount: 10n },
    ])
    expect(stepsFor(facts, receipt, 50n).now).toEqual([{ act: 'register', until, amount: 40n }])
  })

  test('the requester gets what receipts leave', () => {
    const checked = { ...SILENT, now: 12_000, account: requester, claimed: 0n } as const
    const facts = factsOf({ ...checked, receiptsDue: 80n, unspent: 200n })
    expect(stepsFor(facts, null).now).toEqual([
      { act: 'advance', to: 'closed' },
      { act: 'refund', amount: 120n },
    ])
    const closed = factsOf({
      ...checked,
      status: 'closed',
      receiptsDue: 80n,
      receiptsPool: 80n,
      unspent: 120n,
    })
    expect(stepsFor(closed, null)).toEqual({ now: [{ act: 'refund', amount: 120n }], next: null })
  })
})
