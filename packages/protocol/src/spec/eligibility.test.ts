import { expect, test } from 'vitest'
import type { Address } from '../bytes/hex.ts'
import { isEligible } from './eligibility.ts'

const account = (digit: string): Address => `0x${digit.repeat(40)}`
const [requester, operator, ann, rob, eve] = ['1', '2', '3', '4', '5'].map(account) as Address[]
const terms = { requester: requester!, operator: operator! }
const campaign = (kind: 'annotate' | 'collect', accounts: Address[] = [], reviewers: Address[] = []) => ({
  terms,
  spec: { kind, eligibility: { accounts, reviewers } },
})

test('anyone works where nobody is named, but never the requester or the operator', () => {
  const open = campaign('annotate')
  expect([eve!, requester!, operator!].map((who) => isEligible(open, who, 'annotation'))).toEqual([
    true,
    false,
    false,
  ])
  expect(isEligible(open, requester!, 'review')).toBe(false)
})

test('named accounts only, and named reviewers instead of them', () => {
  const named = campaign('annotate', [ann!], [rob!])
  expect([ann!, rob!, eve!].map((who) => isEligible(named, who, 'annotation'))).toEqual([true, false, false])
  expect([ann!, rob!, eve!].map((who) => isEligible(named, who, 'review'))).toEqual([false, true, false])
  expect(isEligible(campaign('annotate', [ann!]), ann!, 'review')).toBe(true)
})

test('each kind of campaign takes its own kind of work', () => {
  expect(isEligible(campaign('collect'), ann!, 'annotation')).toBe(false)
  expect(isEligible(campaign('collect'), ann!, 'submission')).toBe(true)
  expect(isEligible(campaign('annotate'), ann!, 'submission')).toBe(false)
})
