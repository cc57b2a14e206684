import { isBadRow, type Row, type RowReader, readCsv, readJsonl, readTextLines } from '@tagger/formats'
import { sortByCodePoints, TaggerError } from '@tagger/protocol'
import type { Candidate, Rejection } from './candidate.ts'
import { readImage, sniffImage } from './image.ts'
import type { ShownData } from './item-key.ts'
import { stripImage } from './strip-image.ts'

/** Largest row or text, largest image. */
export const MOST_ROW_BYTES = 256 * 2 ** 10
export const MOST_IMAGE_BYTES = 32 * 2 ** 20

/** A file and what its items are for. */
export interface ItemFile {
  name: string
  mediaType: string
  bytes: Uint8Array
  shown: ShownData
  modality: 'text' | 'image'
  /** Labels a known answer may be. */
  labels: readonly string[]
  goldColumn: string | null
}

/** Reads a file into items, one by one; rows that cannot be one are told, nothing is left out. */
export function readItemFile(file: ItemFile): Iterable<Candidate | Rejection> {
  const isImage = file.mediaType.startsWith('image/')
  if (isImage !== (file.modality === 'image')) {
    throw new TaggerError(
      'item-wrong-type',
      `A campaign over ${file.modality}s does not take ${file.mediaType}`,
      {
        hints:
          file.modality === 'image'
            ? ['Upload image files, one request each.']
            : ['Upload CSV, JSON Lines or plain text.'],
      },
    )
  }
  if (!isImage) return readRows(file)
  const { name, mediaType } = file
  const bytes = readImageFile(file)
  return [{ row: 1, name, mediaType, bytes, columns: null, gold: null }]
}

/** Checks one image file and takes out what is not its picture. Throws what is wrong with it. */
export function readImageFile({ bytes, mediaType }: Pick<ItemFile, 'bytes' | 'mediaType'>): Uint8Array {
  if (bytes.length > MOST_IMAGE_BYTES) {
    throw new TaggerError('item-too-large', `This image has ${bytes.length} bytes`, {
      hints: [`At most ${MOST_IMAGE_BYTES} bytes are taken.`],
    })
  }
  return stripImage(bytes, readImage(bytes, mediaType).mediaType)
}

/** The text of a file. Throws `item-wrong-type` for bytes that are no UTF-8 text. */
export function readTextFile(bytes: Uint8Array): string {
  const found = sniffImage(bytes)
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    if (found === null && !text.includes('\0')) return text
  } catch {
    // Told below.
  }
  throw new TaggerError('item-wrong-type', `This file is no text${found === null ? '' : `, but ${found}`}`, {
    hints: ['Save it as UTF-8 text.'],
  })
}

function* readRows(file: ItemFile): Generator<Candidate | Rejection> {
  const readRow = rowReader(file)
  let isFirst = true
  for (const entry of rowsOf(file)) {
    const name = `${file.name} · ${entry.row}`
    if (isBadRow(entry)) {
      yield { row: entry.row, name, code: 'bad-document', message: entry.problem }
      continue
    }
    if (isFirst && file.mediaType === 'text/csv') checkColumns(file, entry.data)
    isFirst = false
    yield readRow(entry, name)
  }
}

function rowsOf(file: ItemFile): RowReader {
  const text = readTextFile(file.bytes)
  if (file.mediaType === 'text/csv') return readCsv(text)
  if (file.mediaType === 'application/x-ndjson') return readJsonl(text)
  const { contentKey, keys } = file.shown
  if (contentKey !== null) return readTextLines(text, contentKey)
  throw new TaggerError('item-wrong-type', `Plain text cannot fill ${keys.length} keys: ${keys.join(', ')}`, {
    hints: ['Upload CSV or JSON Lines with a column for each key the labeling config shows.'],
  })
}

/** A column missing from a table is missing from every row: said once, before anything is kept. */
function checkColumns({ shown, goldColumn }: ItemFile, data: Row['data']): void {
  const missing = shown.keys.filter((key) => !Object.hasOwn(data, key))
  const columns = `Its columns are: ${Object.keys(data).join(', ')}.`
  if (missing.length > 0) {
    throw new TaggerError('bad-document', `This table has no column "${missing.join('", "')}"`, {
      hints: ['The labeling config shows it.', columns],
    })
  }
  if (goldColumn !== null && !Object.hasOwn(data, goldColumn)) {
    throw new TaggerError('gold-invalid', `This table has no column "${goldColumn}" for known answers`, {
      hints: [columns],
    })
  }
}

function rowReader({ shown, goldColumn, labels, mediaType }: ItemFile) {
  const encoder = new TextEncoder()
  if (goldColumn !== null && shown.keys.includes(goldColumn)) {
    throw new TaggerError('gold-invalid', `The column "${goldColumn}" is shown to workers`, {
      hints: ['Known answers need a column of their own.'],
    })
  }
  return ({ row, data }: Row, name: string): Candidate | Rejection => {
    const reject = (code: Rejection['code'], message: string) => ({ row, name, code, message })
    const empty = shown.keys.find((key) => (data[key] ?? '').trim() === '')
    if (empty !== undefined) return reject('item-empty', `"${empty}" is empty`)
    const gold = (goldColumn !== null && data[goldColumn]?.trim()) || null
    if (gold !== null && !labels.includes(gold)) {
      return reject('gold-invalid', `"${gold.slice(0, 100)}" is none of the labels`)
    }
    const columns = sortByCodePoints(
      Object.keys(data).filter((key) => key !== goldColumn),
      (key) => key,
    )
    const isText = mediaType === 'text/plain'
    const text = isText
      ? data[columns[0]!]!
      : JSON.stringify(Object.fromEntries(columns.map((key) => [key, data[key]!])))
    const isWellFormed = columns.every((key) => key.isWellFormed() && data[key]!.isWellFormed())
    if (!isWellFormed) return reject('bad-document', 'it holds half a character (a lone surrogate)')
    const bytes = encoder.encode(text)
    if (bytes.length > MOST_ROW_BYTES) return reject('item-too-large', `more than ${MOST_ROW_BYTES} bytes`)
    return {
      row,
      name,
      mediaType: isText ? 'text/plain' : 'application/json',
      bytes,
      columns: isText ? null : columns,
      gold,
    }
  }
}
