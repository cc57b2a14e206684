import { useComputedColorScheme } from '@mantine/core'
import { useEffect, useRef } from 'react'
import uPlot from 'uplot'
import 'uplot/dist/uPlot.min.css'
import { formatClock } from '../lib/format.ts'

/** Fewer points than this are shown as points too: they hardly make a line. */
const FEW = 6

interface ChartProps {
  times: readonly number[]
  values: readonly number[]
  label: string
  height?: number
}

/** Values over time as one calm line. */
export function TimeChart(props: ChartProps) {
  // A plot reads its colors when it is made.
  const scheme = useComputedColorScheme('light')
  return <Plot key={scheme} {...props} />
}

function Plot(props: ChartProps) {
  const { times, values, label, height = 140 } = props
  const host = useRef<HTMLDivElement>(null)
  const plot = useRef<uPlot | null>(null)
  useEffect(() => {
    const element = host.current
    if (element === null) return
    const style = getComputedStyle(element)
    const color = (name: string) => style.getPropertyValue(name).trim()
    const axis = {
      stroke: color('--ink-3'),
      font: `12px ${style.fontFamily}`,
      grid: { stroke: color('--line'), width: 1 },
      ticks: { show: false },
    }
    const made = new uPlot(
      {
        width: element.clientWidth,
        height,
        legend: { show: false },
        cursor: { show: false },
        axes: [
          { ...axis, grid: { show: false }, values: (_, splits) => splits.map(wholeMinute) },
          { ...axis, size: 36 },
        ],
        scales: {
          y: { range: (_, __, max) => [0, Math.max(4, max * 1.15)] },
        },
        series: [
          {},
          {
            stroke: color('--accent'),
            width: 2,
            fill: `${color('--accent')}1f`,
            points: { show: (plot) => plot.data[0].length < FEW },
          },
        ],
      },
      [[], []],
      element,
    )
    plot.current = made
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }))
    observer.observe(element)
    return () => {
      observer.disconnect()
      made.destroy()
    }
  }, [height])
  useEffect(() => {
    plot.current?.setData(dataOf(times, values))
  }, [times, values])
  return <div ref={host} role="img" aria-label={label} />
}

/** The time of day at a full minute, nothing between them. */
function wholeMinute(seconds: number): string {
  return seconds % 60 === 0 ? formatClock(seconds * 1000) : ''
}

/** One point alone stands in the middle of its minutes. */
function dataOf(times: readonly number[], values: readonly number[]): uPlot.AlignedData {
  const seconds = times.map((time) => time / 1000)
  const [only] = seconds
  if (only === undefined || seconds.length > 1) return [seconds, [...values]]
  return [
    [only - 120, only, only + 120],
    [null, ...values, null],
  ]
}
