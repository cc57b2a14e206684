import { describe, expect, it } from 'vitest'
import {
  formatAmount,
  formatAmounts,
  formatBytes,
  formatCountdown,
  formatDuration,
  formatRelative,
  formatShare,
  fromDecimal,
  payPerHour,
  shorten,
  toDecimal,
} from './format.ts'

const dollars = { address: '0x', symbol: 'tUSD', decimals: 6 }

describe('amounts', () => {
  it('reads back what it writes', () => {
    for (const amount of [0n, 1n, 999_999n, 1_000_000n, 123_456_789_012_345n]) {
      expect(fromDecimal(toDecimal(amount, 6), 6)).toBe(amount)
    }
  })

  it('refuses what is not an amount of this token', () => {
    for (const text of ['', 'abc', '-1', '1.2.3', '1e6', '0.0000001', '1,5']) {
      expect(fromDecimal(text, 6), text).toBeNull()
    }
  })

  it('shows cents, and more only while the amount is small', () => {
    expect(formatAmount(1_234_567_890n, dollars, 'en-US')).toBe('$1,234.57')
    expect(formatAmount(25_000n, dollars, 'en-US')).toBe('$0.025')
    expect(formatAmount(0n, dollars, 'en-US')).toBe('$0.00')
    expect(formatAmount(5n * 10n ** 18n, { address: '0x', symbol: 'TAG', decimals: 18 }, 'en-US')).toBe(
      '5.00 TAG',
    )
  })

  it('turns pay per record into pay per hour', () => {
    expect(payPerHour(30_000n, 6)).toBe(18_000_000n)
    expect(payPerHour(30_000n, null)).toBeNull()
    expect(payPerHour(30_000n, 0)).toBeNull()
  })
})

describe('times and sizes', () => {
  it('picks the largest fitting unit', () => {
    expect(formatRelative(0, 90_000, 'en-US')).toBe('1 min. ago')
    expect(formatRelative(7_200_000, 0, 'en-US')).toBe('in 2 hr.')
    expect(formatDuration(45, 'en-US')).toBe('45 seconds')
    expect(formatDuration(5400, 'en-US')).toBe('1.5 hours')
    expect(formatBytes(999, 'en-US')).toBe('999 byte')
    expect(formatBytes(1_500_000, 'en-US')).toBe('1.5 MB')
  })

  it('counts down in two units, and never below zero', () => {
    expect(formatCountdown(23.9, 'en-US')).toBe('23 sec')
    expect(formatCountdown(725, 'en-US')).toBe('12 min 5 sec')
    expect(formatCountdown(3_600, 'en-US')).toBe('1 hr 0 min')
    expect(formatCountdown(2 * 86_400 + 3 * 3_600 + 59, 'en-US')).toBe('2 days 3 hr')
    expect(formatCountdown(-5, 'en-US')).toBe('0 sec')
  })

  it('never rounds a doubt away', () => {
    expect(formatShare(997_000, 'en-US')).toBe('99.7%')
    expect(formatShare(1_000_000, 'en-US')).toBe('100%')
    expect(formatShare(873_000, 'en-US')).toBe('87%')
  })

  it('keeps short hashes whole', () => {
    expect(shorten('0x1234')).toBe('0x1234')
    expect(shorten('0x1234567890abcdef')).toBe('0x1234…cdef')
  })
})

it('amounts of one table have as many digits as the one that needs most', () => {
  const token = { address: '0x', symbol: 'tUSD', decimals: 6 }
  expect(formatAmounts([0n, 319_005n, 12_500_000n], token, 'en')).toEqual(['$0.00', '$0.32', '$12.50'])
  expect(formatAmounts([3_000n, 45_000n, 1_000_000n], token, 'en')).toEqual(['$0.003', '$0.045', '$1.000'])
  expect(formatAmounts([1n], token, 'en')).toEqual(['$0.00'])
})
