import { describe, expect, it } from 'vitest'
import { formatTag, readAmount, releaseBounds } from './amounts.ts'
import { formatValue, readValue, toText } from './parameter-values.ts'

const TAG = 10n ** 18n

describe('amounts of TAG', () => {
  it('are shown short, but never as nothing', () => {
    expect(formatTag(16_215_232_000n * TAG, 'en-US')).toBe('16,215,232,000 TAG')
    expect(formatTag(TAG / 4n, 'en-US')).toBe('0.25 TAG')
    expect(formatTag(1n, 'en-US')).toBe('0.000000000000000001 TAG')
    expect(formatTag(0n, 'en-US')).toBe('0 TAG')
  })

  it('are refused before anybody signs', () => {
    const fault = (text: string, bounds: Parameters<typeof readAmount>[1]) => readAmount(text, bounds).fault
    expect(readAmount(' 2.5 ', { most: 3n * TAG })).toEqual({ amount: (5n * TAG) / 2n, fault: null })
    expect(fault('', { most: TAG })).toBe('empty')
    for (const text of ['0', '-1', '1e3', 'ten']) expect(fault(text, { most: TAG })).toBe('no-amount')
    expect(fault('2', { most: TAG })).toBe('too-much')
    expect(fault('99', { most: 500n * TAG, least: 100n * TAG })).toBe('too-little')
    expect(fault('1', { most: 500n * TAG, before: 100n * TAG, least: 100n * TAG })).toBeNull()
    expect(fault('450', { most: 500n * TAG, leave: 100n * TAG })).toBe('leaves-too-little')
    expect(fault('500', { most: 500n * TAG, leave: 100n * TAG })).toBeNull()
  })

  it('of validator stake leave what is at risk and what a validator needs', () => {
    expect(releaseBounds({ validating: 500n, engaged: 0n }, 100n)).toEqual({ most: 500n, leave: 100n })
    expect(releaseBounds({ validating: 500n, engaged: 25n }, 100n)).toEqual({ most: 400n, leave: 0n })
    expect(releaseBounds({ validating: 500n, engaged: 150n }, 100n)).toEqual({ most: 350n, leave: 0n })
    expect(releaseBounds({ validating: 90n, engaged: 5n }, 100n)).toEqual({ most: 0n, leave: 0n })
  })
})

describe('values of parameters', () => {
  const share = { value: '250', least: 0n, most: 500n, unit: 'bps' } as const
  const time = { value: '30', least: 10n, most: 604_800n, unit: 'seconds' } as const

  it('are read in the unit they are shown in', () => {
    for (const parameter of [share, time, { ...share, value: `${7n * TAG}`, unit: 'tag' } as const]) {
      const { value } = readValue(toText(parameter.value, parameter.unit), parameter)
      expect(String(value)).toBe(parameter.value)
    }
    expect(readValue('2.75', share)).toEqual({ value: 275n, fault: null })
    const account = `0x${'Ab'.repeat(20)}`
    const treasury = { value: `0x${'12'.repeat(20)}`, least: null, most: null, unit: 'account' } as const
    expect(readValue(account, treasury)).toEqual({ value: BigInt(account), fault: null })
    expect(readValue('0x12', treasury).fault).toBe('no-value')
  })

  it('are held against their bounds', () => {
    expect(readValue('', share).fault).toBe('empty')
    expect(readValue('2.755', share).fault).toBe('no-value')
    expect(readValue('1.5', time).fault).toBe('no-value')
    expect(readValue('9', time).fault).toBe('too-small')
    expect(readValue('5.01', share).fault).toBe('too-big')
    expect(readValue('2.50', share).fault).toBe('same')
  })

  it('are shown without rounding', () => {
    expect(formatValue('250', 'bps', 'en-US')).toBe('2.5%')
    expect(formatValue('5400', 'seconds', 'en-US')).toBe('90 minutes')
    expect(formatValue('86400', 'seconds', 'en-US')).toBe('1 day')
    expect(formatValue('100001', 'seconds', 'en-US')).toBe('100,001 seconds')
    expect(formatValue(1_000_000n * TAG, 'tag', 'en-US')).toBe('1,000,000 TAG')
  })
})
