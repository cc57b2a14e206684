import { createCipheriv, createHash, randomBytes } from 'node:crypto'
import { type Hex, itemCid, MILLION, type Result } from '@tagger/protocol'

/** One delivered item: what the network holds for it, beside its data. */
export interface ContentRow {
  result: Result
  data: Readonly<Record<string, string>>
}

/** The content of a dataset with what its pages show. */
export interface DatasetContent {
  /** JSON Lines, by item. */
  bytes: Uint8Array
  items: number
  meanConfidence: number
  labels: { label: string; items: number }[]
  sample: Record<string, string>[]
}

const SAMPLE_ROWS = 5
const SAMPLE_CHARACTERS = 1_000

/**
 * Writes accepted results with their data as JSON Lines. Same rows, same bytes.
 * The sample is drawn by hash from `seed`, the hash of the final batch: nobody can pick the best rows for it.
 */
export function composeContent(
  rows: readonly ContentRow[],
  labels: readonly string[],
  seed: Hex,
): DatasetContent {
  const sorted = [...rows].sort((a, b) => (a.result.item < b.result.item ? -1 : 1))
  const lines = sorted.map((row) => `${JSON.stringify(lineOf(row, labels))}\n`)
  const counts = new Map(labels.map((label) => [label, 0]))
  let confidence = 0
  for (const { result } of sorted) {
    counts.set(result.label, (counts.get(result.label) ?? 0) + 1)
    confidence += result.confidence
  }
  return {
    bytes: new TextEncoder().encode(lines.join('')),
    items: sorted.length,
    meanConfidence: sorted.length === 0 ? 0 : Math.round(confidence / sorted.length),
    labels: [...counts].map(([label, items]) => ({ label, items })),
    sample: drawSample(sorted, seed).map(sampleOf),
  }
}

function lineOf({ result, data }: ContentRow, labels: readonly string[]) {
  const { item, label, confidence, distribution, annotations, reviews } = result
  return {
    item: itemCid(item).toString(),
    data,
    label,
    confidence: confidence / MILLION,
    distribution: Object.fromEntries(labels.map((name, i) => [name, (distribution[i] ?? 0) / MILLION])),
    annotations,
    reviews,
  }
}

function drawSample(rows: readonly ContentRow[], seed: Hex): ContentRow[] {
  const lot = (item: Hex) => createHash('sha256').update(`${seed}${item}`).digest('hex')
  return rows
    .map((row) => ({ row, lot: lot(row.result.item) }))
    .sort((a, b) => (a.lot < b.lot ? -1 : 1))
    .slice(0, SAMPLE_ROWS)
    .map(({ row }) => row)
}

function sampleOf({ result, data }: ContentRow): Record<string, string> {
  const sample: Record<string, string> = {}
  for (const [key, value] of Object.entries(data)) {
    const isShown = value.length <= SAMPLE_CHARACTERS || value.startsWith('data:image/')
    sample[key] = isShown ? value : `${value.slice(0, SAMPLE_CHARACTERS)}…`
  }
  return { ...sample, label: result.label, confidence: String(result.confidence / MILLION) }
}

/** Content sealed for delivery, with the hashes its passport names. */
export interface SealedContent {
  contentKey: Uint8Array
  cipher: Uint8Array
  contentRoot: Hex
  cipherRoot: Hex
  keyHash: Hex
}

/** Encrypts content under a fresh key, in the form of the protocol's `encryptContent` but natively. */
export function sealContent(bytes: Uint8Array): SealedContent {
  const contentKey = new Uint8Array(randomBytes(32))
  const iv = randomBytes(12)
  const gcm = createCipheriv('aes-256-gcm', contentKey, iv)
  const cipher = new Uint8Array(Buffer.concat([iv, gcm.update(bytes), gcm.final(), gcm.getAuthTag()]))
  return {
    contentKey,
    cipher,
    contentRoot: sha256(bytes),
    cipherRoot: sha256(cipher),
    keyHash: sha256(contentKey),
  }
}

/** SHA-256 as hex, natively: contents are large. */
export function sha256(bytes: Uint8Array): Hex {
  return `0x${createHash('sha256').update(bytes).digest('hex')}`
}
