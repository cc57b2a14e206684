import { expect, test } from 'vitest'
import { meaningOf, moneyOf, tokenMoved } from './meaning.ts'

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

test('the price of a license is in the token its purchase names, or the one that was paid', () => {
  const other = { address: `0x${'b2'.repeat(20)}`, symbol: 'TAG', decimals: 18 }
  const offer = { name: 'offer', type: 'tuple', value: JSON.stringify({ token: token.address }) }
  const call = { arguments: [offer, uint('maxPrice', '40000000')] }
  const licenses = { address: `0x${'c3'.repeat(20)}` }
  const found = tokenMoved({ call, events: [licenses] }, [other, token])
  expect(found).toEqual(token)
  expect(meaningOf(uint('maxPrice', '40000000'), found)).toBe('40.00 tUSD')
  expect(meaningOf(uint('price', '40000000'), found)).toBe('40.00 tUSD')

  const refund = { arguments: [uint('licenseId', '1')] }
  expect(tokenMoved({ call: refund, events: [licenses, token] }, [other, token])).toEqual(token)
  expect(tokenMoved({ call: null, events: [token, token] }, [other, token])).toEqual(token)
  expect(tokenMoved({ call: refund, events: [licenses] }, [other, token])).toBeNull()
  expect(tokenMoved({ call: null, events: [token, other] }, [other, token])).toBeNull()
})
