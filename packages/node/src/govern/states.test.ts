import { expect, test } from 'vitest'
import { stateOf as disputeState } from './disputes.ts'
import { stateOf as proposalState, titleOf } from './proposals.ts'

const at = (seconds: number) => new Date(seconds * 1000)

test('a dispute’s phase changes in the second the contract changes it', () => {
  const open = { outcome: 'open' as const, commit_ends: 100, reveal_ends: 200 }
  const times = [99.999, 100, 199.999, 200]
  expect(times.map((time) => disputeState(open, at(time)))).toEqual([
    ...['committing', 'revealing', 'revealing', 'counting'],
  ])
  expect(disputeState({ ...open, outcome: 'upheld' }, at(50))).toBe('upheld')
})

test('a proposal’s state follows the clock and the votes as in OpenZeppelin’s governor', () => {
  const proposal = {
    ...{ status: 'proposed' as const, vote_start: 100, vote_end: 200 },
    ...{ for_votes: '60', against_votes: '59', abstain_votes: '40' },
  }
  const state = (changes: Partial<typeof proposal>, seconds: number) =>
    proposalState({ ...proposal, ...changes }, 100n, at(seconds))
  expect([100, 100.9, 101, 200, 201].map((time) => state({}, time))).toEqual([
    ...['pending', 'pending', 'active', 'active', 'succeeded'],
  ])
  // For and abstaining make the quorum, and for has to be more than against.
  expect(state({ abstain_votes: '39' }, 201)).toBe('defeated')
  expect(state({ against_votes: '60' }, 201)).toBe('defeated')
  expect(state({ status: 'queued' as never }, 150)).toBe('queued')
})

test('a proposal’s title is its first line with words', () => {
  expect(titleOf('\n## Raise the bond\n\nBecause.')).toBe('Raise the bond')
  expect(titleOf('# \nTwo')).toBe('Two')
  expect(titleOf('')).toBe('')
  expect(titleOf('x'.repeat(300))).toHaveLength(200)
})
