import { describe, expect, it } from 'vitest'
import { atRiskUp, disputeBar, proposalBars, quorumBar, rewardDueDown, shareOf } from './weights.ts'

const TAG = 10n ** 18n

describe('shares', () => {
  it('are millionths, and none of nothing', () => {
    expect(shareOf(1n, 3n)).toBe(333_333)
    expect(shareOf(16_215_232_000n * TAG, 405_380_800_000n * TAG)).toBe(40_000)
    expect(shareOf(0n, 0n)).toBe(0)
  })

  it('of a dispute lie beside each other, with the quorum where it stands', () => {
    const dispute = { validWeight: 1n, invalidWeight: 2n, totalWeight: 4n, quorumBps: 2_000 }
    expect(disputeBar(dispute)).toEqual({ parts: [250_000, 500_000], mark: 200_000 })
    expect(disputeBar({ ...dispute, validWeight: 0n, invalidWeight: 0n, totalWeight: 0n }).parts).toEqual([
      0, 0,
    ])
  })

  it('of a proposal stand against all votes, those for the quorum against what it takes', () => {
    expect(proposalBars([3n, 1n, 0n]).map(({ parts }) => parts[0])).toEqual([750_000, 250_000, 0])
    expect(quorumBar(1n, 4n).parts).toEqual([250_000])
    expect(quorumBar(9n, 4n).parts).toEqual([1_000_000])
  })
})

describe('money of a vote', () => {
  const dispute = { state: 'void', validWeight: 100n, invalidWeight: 300n } as const
  const vote = { state: 'invalid', weight: 100n, rewarded: 0n } as const

  it('puts at risk what the contract locks, rounded up', () => {
    expect(atRiskUp(900n, 500)).toBe(45n)
    expect(atRiskUp(901n, 500)).toBe(46n)
    expect(atRiskUp(0n, 500)).toBe(0n)
  })

  it('shares the pool among those who won, rounded down, less what was paid', () => {
    expect(rewardDueDown(dispute, 100n, vote)).toBe(33n)
    expect(rewardDueDown(dispute, 100n, { ...vote, rewarded: 33n })).toBe(0n)
    expect(rewardDueDown(dispute, 100n, { ...vote, state: 'valid' })).toBe(0n)
    expect(rewardDueDown({ ...dispute, state: 'upheld' }, 100n, { ...vote, state: 'valid' })).toBe(100n)
  })

  it('pays everybody who revealed when a dispute stays undecided, nobody before it ends', () => {
    const undecided = { ...dispute, state: 'undecided' } as const
    expect(rewardDueDown(undecided, 100n, vote)).toBe(25n)
    expect(rewardDueDown(undecided, 100n, { ...vote, state: 'committed' })).toBe(0n)
    expect(rewardDueDown({ ...dispute, state: 'revealing' }, 100n, vote)).toBe(0n)
  })
})
