import { expect, test } from 'vitest'
import { drawBars } from './bars.ts'

const plot = {
  title: 'Ours & theirs',
  measure: 'seconds',
  series: ['ours', 'peer'],
  groups: [
    { label: 'small', values: [1, 10] },
    { label: 'large', values: [10, null] },
  ],
  format: (value: number) => `${value} s`,
}

const widths = (svg: string) =>
  [...svg.matchAll(/<rect x="190" y="\d+" width="([\d.]+)"/g)].map(([, width]) => Number(width))

test('bars are as long as their values, missing ones are not drawn', () => {
  const svg = drawBars(plot, 'here, today')
  expect(widths(svg).slice(1)).toEqual([42, 420, 420])
  expect(svg).toContain('Ours &amp; theirs')
  expect(svg).toContain('seconds · here, today')
})

test('a logarithmic axis keeps equal ratios at equal distance', () => {
  const svg = drawBars({ ...plot, scale: 'log', groups: [{ label: 'x', values: [1, 10, 100] }] }, 'here')
  const [one, ten, hundred] = widths(svg).slice(1) as [number, number, number]
  expect(hundred - ten).toBeCloseTo(ten - one, 0)
})
