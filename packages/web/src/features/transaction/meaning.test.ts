import { expect, test } from 'vitest'
import { meaningOf, moneyOf } from './meaning.ts'

const token = { address: `0x${'a1'.repeat(20)}`, symbol: 'tUSD', decimals: 6 }
const uint = (name: string, value: string) => ({ name, type: 'uint256', value })

test('an amount shows every digit and its token, and stays raw while the token is unknown', () => {
  expect(meaningOf(uint('amount', '319005'), token)).toBe('0.319005 tUSD')
  expect(meaningOf(uint('basePay', '30000'), token)).toBe('0.03 tUSD')
  expect(meaningOf(uint('amount', '319005'), null)).toBeNull()
  expect(meaningOf(uint('index', '3'), token)).toBeNull()
})

test('a time is a date, and no number that merely stands for “never” or “none”', () => {
  expect(meaningOf(uint('finalAt', '1797909904'), null)).toMatch(/2026/)
  expect(meaningOf(uint('deadline', '0'), null)).toBeNull()
  expect(meaningOf(uint('deadline', String(2n ** 256n - 1n)), null)).toBeNull()
})

test('a struct tells the token as well as an argument does', () => {
  const campaignId = `0x${'22'.repeat(32)}`
  const terms = {
    name: 'terms',
    type: 'tuple',
    value: JSON.stringify({ token: token.address.replaceAll('a', 'A') }),
  }
  expect(moneyOf([terms])).toEqual({ token: token.address, campaignId: null })
  expect(moneyOf([{ name: 'id', type: 'bytes32', value: campaignId }])).toEqual({ token: null, campaignId })
})
