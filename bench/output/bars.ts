import { mkdirSync, writeFileSync } from 'node:fs'
import { cpus, totalmem } from 'node:os'
import { dirname, join } from 'node:path'

/** Horizontal bars in groups; values of a group belong to the series in their order, null where there is none. */
export interface BarPlot {
  title: string
  /** What the numbers are, with their unit. */
  measure: string
  series: readonly string[]
  groups: readonly { label: string; values: readonly (number | null)[] }[]
  /** Bars of very different length read better by their logarithm; a linear axis starts at `from` (0). */
  scale?: 'linear' | 'log'
  from?: number
  format(value: number): string
}

const COLORS = ['#1c7ed6', '#adb5bd', '#f08c00', '#2f9e44']
const LEFT = 190
const PLOT = 420
const BAR = 13
const GAP = 9
const TOP = 78

/** Where the plots of the repository are. */
export const RESULTS = join(import.meta.dirname, '../results')

/** Writes a plot to `<folder>/<name>.svg`, with the machine and the day under its title. Returns the path. */
export function writeBars(name: string, plot: BarPlot, folder = RESULTS): string {
  const path = join(folder, `${name}.svg`)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, drawBars(plot, `${machine()}, ${new Date().toISOString().slice(0, 10)}`))
  return path
}

/** Processor, cores, memory and Node of this machine. */
export function machine(): string {
  const cores = cpus()
  const gigabytes = Math.round(totalmem() / 2 ** 30)
  return `${cores[0]?.model.trim() ?? 'unknown processor'}, ${cores.length} cores, ${gigabytes} GB, Node ${process.version}`
}

/** The plot as SVG text. */
export function drawBars(plot: BarPlot, origin: string): string {
  const { groups, series, format } = plot
  const groupHeight = series.length * BAR + GAP
  const height = TOP + groups.length * groupHeight + 12
  const length = lengths(plot)
  const parts = groups.flatMap(({ label, values }, g) => {
    const top = TOP + g * groupHeight
    const middle = top + (series.length * BAR) / 2 + 4
    const bars = values.flatMap((value, s) => {
      if (value === null) return []
      const y = top + s * BAR
      const width = length(value)
      return [
        `<rect x="${LEFT}" y="${y}" width="${width.toFixed(1)}" height="${BAR - 2}" fill="${COLORS[s % COLORS.length]}"/>`,
        `<text x="${(LEFT + width + 5).toFixed(1)}" y="${y + BAR - 4}">${escapeText(format(value))}</text>`,
      ]
    })
    return [`<text x="${LEFT - 8}" y="${middle}" text-anchor="end">${escapeText(label)}</text>`, ...bars]
  })
  const legend = series.map((name, s) => {
    const x = LEFT + s * 150
    return `<rect x="${x}" y="54" width="10" height="10" fill="${COLORS[s % COLORS.length]}"/><text x="${x + 15}" y="63">${escapeText(name)}</text>`
  })
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${LEFT + PLOT + 110}" height="${height}" font-family="sans-serif" font-size="11">`,
    `<title>${escapeText(plot.title)}</title>`,
    '<rect width="100%" height="100%" fill="#fff"/>',
    `<text x="12" y="22" font-size="15" font-weight="bold">${escapeText(plot.title)}</text>`,
    `<text x="12" y="40" fill="#495057">${escapeText(`${plot.measure} · ${origin}`)}</text>`,
    ...legend,
    ...parts,
    '</svg>\n',
  ].join('\n')
}

/** How long a value's bar is, in pixels. */
function lengths({ groups, scale = 'linear', from = 0 }: BarPlot): (value: number) => number {
  const all = groups.flatMap(({ values }) => values.filter((value) => value !== null))
  const most = Math.max(...all)
  if (scale === 'linear') return (value) => (PLOT * Math.max(0, value - from)) / (most - from || 1)
  const least = Math.min(...all) / 2
  return (value) => (PLOT * Math.log(value / least)) / Math.log(most / least)
}

function escapeText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}
