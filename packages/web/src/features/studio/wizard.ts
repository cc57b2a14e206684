import { isBadRow, type RowReader, readCsv, readJsonl, readTextLines } from '@tagger/formats'
import type { SpecInput } from '@tagger/sdk'
import { configFor, type Template } from './templates.ts'

/** A file as the browser reads it before anything is uploaded. */
export interface LocalFile {
  file: File
  columns: readonly string[]
  rows: number
  preview: readonly Readonly<Record<string, string>>[]
  bad: readonly { row: number; message: string }[]
}

const PREVIEW_ROWS = 5
const MOST_BAD_SHOWN = 20

/** Everything the wizard has been told so far. */
export interface WizardState {
  template: Template | null
  files: readonly LocalFile[]
  /** Column of the file for each data key of the template. */
  columns: Readonly<Record<string, string>>
  goldColumn: string | null
  title: string
  question: string
  labels: string
  instructions: string
  languages: string
  /** Label Studio XML when the requester edits it by hand. */
  xml: string | null
  min: number
  max: number
  /** Millionths. */
  target: number
  reviews: number
  basePay: string
  contributorsPercent: number
  days: number
  license: string
  pieces: number
  piecesEach: number
}

export const START: WizardState = {
  template: null,
  files: [],
  columns: {},
  goldColumn: null,
  title: '',
  question: '',
  labels: '',
  instructions: '',
  languages: 'en',
  xml: null,
  min: 2,
  max: 5,
  target: 900_000,
  reviews: 0,
  basePay: '0.03',
  contributorsPercent: 50,
  days: 30,
  license: 'CC-BY-4.0',
  pieces: 100,
  piecesEach: 20,
}

/** The state right after a template was chosen. */
export function fromTemplate(template: Template): WizardState {
  const isCollect = template.kind === 'collect'
  return {
    ...START,
    template,
    title: template.title,
    question: template.question,
    labels: template.labels.join('\n'),
    instructions: template.instructions,
    reviews: isCollect ? 1 : 0,
    basePay: isCollect ? '0.20' : START.basePay,
  }
}

/** Reads a file here: columns, the first rows, what cannot be read. Images are one item each. */
export async function readFile(file: File): Promise<LocalFile> {
  if (file.type.startsWith('image/')) {
    return { file, columns: ['image'], rows: 1, preview: [{ image: URL.createObjectURL(file) }], bad: [] }
  }
  const text = await file.text()
  const columns = new Set<string>()
  const preview: Readonly<Record<string, string>>[] = []
  const bad: { row: number; message: string }[] = []
  let rows = 0
  for (const row of rowsOf(file.name, text)) {
    if (isBadRow(row)) {
      bad.push({ row: row.row, message: row.problem })
      continue
    }
    rows += 1
    for (const key of Object.keys(row.data)) columns.add(key)
    if (preview.length < PREVIEW_ROWS) preview.push(row.data)
  }
  return { file, columns: [...columns], rows, preview, bad: bad.slice(0, MOST_BAD_SHOWN) }
}

function rowsOf(name: string, text: string): RowReader {
  if (/\.(jsonl|ndjson)$/i.test(name)) return readJsonl(text)
  if (/\.txt$/i.test(name)) return readTextLines(text, 'text')
  return readCsv(text)
}

/** Media type the node expects for a file of this name. */
export function mediaTypeOf(file: File): string {
  if (file.type.startsWith('image/')) return file.type
  if (/\.(jsonl|ndjson)$/i.test(file.name)) return 'application/x-ndjson'
  return /\.txt$/i.test(file.name) ? 'text/plain' : 'text/csv'
}

/** Matches the template's keys with columns of the same name, else with the columns in order. */
export function matchColumns(keys: readonly string[], columns: readonly string[]): Record<string, string> {
  const free = columns.filter((column) => !keys.includes(column) && !looksKnown(column))
  return Object.fromEntries(
    keys.map((key) => [key, columns.includes(key) ? key : (free.shift() ?? columns[0] ?? key)]),
  )
}

/** A column that by its name holds known answers. */
export function findGoldColumn(columns: readonly string[]): string | null {
  return columns.find(looksKnown) ?? null
}

function looksKnown(column: string): boolean {
  return /^(known|gold|truth|label|answer)$/i.test(column)
}

/** Different answers, one per line. */
export function labelsOf(state: Pick<WizardState, 'labels'>): string[] {
  return [...new Set(state.labels.split('\n').map((label) => label.trim()))].filter((label) => label !== '')
}

/** The labeling config as it stands; by hand or from the form. */
export function configOf(state: WizardState): string {
  const { template } = state
  if (state.xml !== null || template === null) return state.xml ?? ''
  const columns = template.keys.map((key) => state.columns[key] ?? key)
  return configFor({
    modality: template.modality,
    columns,
    question: state.question,
    labels: labelsOf(state),
  })
}

/** The spec the node is asked to accept. */
export function specOf(state: WizardState): SpecInput {
  const { template, min, max, target } = state
  if (template === null) throw new Error('No template is chosen')
  const isCollect = template.kind === 'collect'
  const shared = {
    title: state.title.trim(),
    instructions: state.instructions,
    modality: template.modality,
    languages: state.languages.split(/[\s,]+/).filter((code) => code !== ''),
    tags: [template.id],
    redundancy: { min, max: Math.max(min, max), targetConfidence: target },
    review: { reviews: isCollect ? Math.max(1, state.reviews) : state.reviews },
    rights: { license: state.license, uses: ['training', 'evaluation'] },
    // A campaign of a few items must not wait for more than it has.
    batch: {
      periodSeconds: 10,
      minItems: isCollect ? 1 : Math.max(1, Math.min(5, itemCount(state))),
      maxItems: 2000,
    },
  }
  if (!isCollect) return { ...shared, labelingConfig: configOf(state) }
  return {
    ...shared,
    kind: 'collect',
    labelingConfig: '',
    intake: {
      mediaTypes: template.modality === 'text' ? ['text/plain'] : ['image/png', 'image/jpeg', 'image/webp'],
      maxBytes: 5_000_000,
      maxItems: state.pieces,
      maxPerContributor: state.piecesEach,
    },
  }
}

/** Items as far as they are known here. */
export function itemCount(state: WizardState): number {
  if (state.template?.kind === 'collect') return state.pieces
  return state.files.reduce((sum, { rows }) => sum + rows, 0)
}
