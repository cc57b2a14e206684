import { describe, expect, it } from 'vitest'
import { phaseEnd, phaseOf, stageEnd, stageOf } from './phases.ts'

const at = (seconds: number) => new Date(seconds * 1000).toISOString()

describe('a dispute', () => {
  const open = { state: 'committing', commitEnds: at(30), revealEnds: at(60) } as const

  it('goes on by the clock while the node says nothing new', () => {
    const phases = [0, 29_999, 30_000, 59_999, 60_000].map((now) => phaseOf(open, now))
    expect(phases).toEqual(['committing', 'committing', 'revealing', 'revealing', 'counting'])
    expect([0, 30_000, 60_000].map((now) => phaseEnd(open, now))).toEqual([30_000, 60_000, null])
  })

  it('waits to be counted however late it is, and ends as the chain says', () => {
    expect(phaseOf({ ...open, state: 'revealing' }, 9e9)).toBe('counting')
    expect(phaseOf({ ...open, state: 'void' }, 0)).toBe('void')
    expect(phaseEnd({ ...open, state: 'void' }, 0)).toBeNull()
  })
})

describe('a proposal', () => {
  const proposal = {
    state: 'pending',
    voteStart: at(10),
    voteEnd: at(70),
    forVotes: 5n,
    againstVotes: 4n,
    abstainVotes: 3n,
    quorum: 8n,
    eta: null,
  } as const

  it('is open from the second after its start to the end of its last second', () => {
    const stages = [10_999, 11_000, 70_999, 71_000].map((now) => stageOf(proposal, now))
    expect(stages).toEqual(['pending', 'active', 'active', 'succeeded'])
    expect(stageEnd(proposal, 5_000)).toBe(10_000)
    expect(stageEnd(proposal, 11_000)).toBe(70_000)
  })

  it('is counted as the governor counts', () => {
    const after = (votes: Partial<typeof proposal | Record<string, bigint>>) =>
      stageOf({ ...proposal, ...votes }, 71_000)
    expect(after({ quorum: 9n })).toBe('defeated')
    expect(after({ againstVotes: 5n })).toBe('defeated')
    expect(after({ abstainVotes: 2n })).toBe('defeated')
    expect(stageOf({ ...proposal, state: 'canceled' }, 71_000)).toBe('canceled')
  })

  it('tells how long a queued one waits, and nothing once it has', () => {
    const queued = { ...proposal, state: 'queued', eta: at(100) } as const
    expect(stageEnd(queued, 99_000)).toBe(100_000)
    expect(stageEnd(queued, 100_000)).toBeNull()
  })
})
