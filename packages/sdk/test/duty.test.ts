import type { Address } from '@tagger/protocol'
import { describe, expect, test } from 'vitest'
import {
  type BatchSituation,
  batchDuty,
  type DisputeSituation,
  disputeDuty,
  type Finding,
  type Policy,
} from '../src/govern/duty.ts'

const own: Address = `0x${'11'.repeat(20)}`
const operator: Address = `0x${'22'.repeat(20)}`
const requester: Address = `0x${'33'.repeat(20)}`
const other: Address = `0x${'44'.repeat(20)}`
const policy: Policy = { tries: 3, patience: 0.5, challenges: true }
const unsound: Finding = { kind: 'unsound', reason: 'payout-mismatch: Nothing was earned here' }
const missing = (tries: number, tryAgainAt: number): Finding => {
  return { kind: 'unchecked', reason: 'no node has the bytes', tries, tryAgainAt }
}

describe('a pending batch', () => {
  const duty = (changes: Partial<BatchSituation>, changed: Partial<Policy> = {}) =>
    batchDuty(
      {
        now: 110,
        account: own,
        operator,
        proposedAt: 100,
        finalAt: 200,
        isDisputed: false,
        finding: null,
        ...changes,
      },
      { ...policy, ...changed },
    )

  test('is checked first', () => expect(duty({})).toEqual({ do: 'check' }))

  test('is left alone when it holds', () => {
    expect(duty({ finding: { kind: 'sound' } })).toEqual({ do: 'wait', until: null, why: 'it holds' })
  })

  test('is challenged with the fault and its place', () => {
    expect(duty({ finding: unsound })).toEqual({ do: 'challenge', reason: unsound.reason })
  })

  test('is not challenged by its own operator, after its window, twice, or by who only votes', () => {
    expect(duty({ finding: unsound, account: operator }).do).toBe('wait')
    expect(duty({ finding: unsound, now: 200 }).do).toBe('wait')
    expect(duty({ finding: unsound, isDisputed: true }).do).toBe('wait')
    expect(duty({ finding: unsound }, { challenges: false }).do).toBe('wait')
  })

  test('may be challenged by its requester', () => {
    expect(duty({ finding: unsound, account: requester }).do).toBe('challenge')
  })

  test('whose bytes are withheld is asked for again, then challenged once part of the window is over', () => {
    expect(duty({ finding: missing(1, 115) })).toMatchObject({ do: 'wait', until: 115 })
    expect(duty({ finding: missing(1, 115), now: 115 })).toEqual({ do: 'check' })
    expect(duty({ finding: missing(3, 180), now: 140 })).toMatchObject({ do: 'wait', until: 150 })
    expect(duty({ finding: missing(3, 180), now: 150 }).do).toBe('challenge')
    // Late but not often enough: it is tried once more.
    expect(duty({ finding: missing(2, 150), now: 150 })).toEqual({ do: 'check' })
  })
})

describe('a dispute', () => {
  const open: DisputeSituation = {
    now: 110,
    account: own,
    state: {
      challenger: other,
      operator,
      requester,
      outcome: 'open',
      round: 1,
      commitStarts: 100,
      commitEnds: 130,
      revealEnds: 160,
    },
    ballot: { weight: 0n, round: 0, choice: 'none', isSettled: false },
    weight: 800n,
    losers: [],
    credit: 0n,
    finding: null,
  }
  const voted = { weight: 800n, round: 1, choice: 'none', isSettled: false } as const
  const duty = (changes: Partial<DisputeSituation>, state: Partial<DisputeSituation['state']> = {}) =>
    disputeDuty({ ...open, ...changes, state: { ...open.state, ...state } }, policy)

  test('is looked into, then voted on as `verify` says', () => {
    expect(duty({})).toEqual({ do: 'check' })
    expect(duty({ finding: { kind: 'sound' } })).toEqual({ do: 'commit', isValid: true })
    expect(duty({ finding: unsound })).toEqual({ do: 'commit', isValid: false })
  })

  test('whoever cannot get the bytes votes no, not too early', () => {
    expect(duty({ finding: missing(3, 111) })).toMatchObject({ do: 'wait', until: 111 })
    expect(duty({ finding: missing(3, 128), now: 115 })).toEqual({ do: 'commit', isValid: false })
  })

  test('parties and those without weight do not vote', () => {
    for (const party of ['challenger', 'operator', 'requester'] as const) {
      expect(duty({ finding: unsound }, { [party]: own }).do).toBe('wait')
    }
    expect(duty({ finding: unsound, weight: 0n }).do).toBe('wait')
  })

  test('a vote is committed once, revealed in its time, and never before', () => {
    expect(duty({ ballot: voted, finding: unsound })).toMatchObject({ do: 'wait', until: 130 })
    expect(duty({ ballot: voted, now: 130 })).toEqual({ do: 'reveal' })
    expect(duty({ ballot: { ...voted, choice: 'invalid' }, now: 140 })).toMatchObject({
      do: 'wait',
      until: 160,
    })
    // Too late to vote.
    expect(duty({ finding: unsound, now: 130 })).toMatchObject({ do: 'wait', until: 160 })
  })

  test('of a second round: who voted in the first waits, who did not votes now', () => {
    const second = { round: 2, commitStarts: 160, commitEnds: 220, revealEnds: 280 }
    expect(duty({ now: 170, finding: unsound }, second)).toEqual({ do: 'commit', isValid: false })
    expect(duty({ now: 170, ballot: { ...voted, choice: 'invalid' } }, second)).toMatchObject({ until: 220 })
    // A vote of the first round that was not revealed then is lost.
    expect(duty({ now: 230, ballot: voted }, second)).toMatchObject({ do: 'wait', until: 280 })
  })

  test('is counted by those who have a stake in it, by others only when nobody did', () => {
    expect(duty({ now: 160, ballot: { ...voted, choice: 'invalid' } })).toEqual({ do: 'resolve' })
    expect(duty({ now: 160 }, { challenger: own })).toEqual({ do: 'resolve' })
    expect(duty({ now: 160 })).toMatchObject({ do: 'wait', until: 220 })
    expect(duty({ now: 220 })).toEqual({ do: 'resolve' })
  })

  test('that is over is settled for those who lost, then for itself, then forgotten', () => {
    const over = { outcome: 'void' } as const
    const won = { ...voted, choice: 'invalid' } as const
    expect(duty({ ballot: won, losers: [other] }, over)).toEqual({ do: 'settle', voter: other })
    expect(duty({ ballot: won }, over)).toEqual({ do: 'settle', voter: own })
    expect(duty({ ballot: { ...won, isSettled: true } }, over)).toMatchObject({ do: 'wait', until: null })
    // Who lost has no reason to settle others.
    expect(duty({ ballot: { ...voted, choice: 'valid' }, losers: [other] }, over)).toEqual({
      do: 'settle',
      voter: own,
    })
  })

  test('brings the challenger what it is credited', () => {
    expect(duty({ credit: 100n }, { outcome: 'void', challenger: own })).toEqual({ do: 'collect' })
    expect(duty({ credit: 100n }, { outcome: 'void' })).toMatchObject({ do: 'wait', until: null })
  })
})
