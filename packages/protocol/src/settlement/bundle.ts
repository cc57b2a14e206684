import { CID } from 'multiformats/cid'
import { z } from 'zod'
import {
  type Canonical,
  cidDigest,
  decodeCanonical,
  documentCid,
  encodeCanonical,
} from '../bytes/canonical.ts'
import { type Crypto, pureCrypto } from '../bytes/crypto.ts'
import { type Hex, toHex } from '../bytes/hex.ts'
import { TaggerError } from '../errors.ts'
import { MILLION } from '../math/fixed.ts'
import type { Deployment } from '../spec/terms.ts'
import {
  DelegationDocument,
  HeadDocument,
  HeaderDocument,
  ReceiptDocument,
  SignedHeadDocument,
  TermsDocument,
} from '../wire/documents.ts'
import { AddressText, Amount, Hash, isAmount, isHash } from '../wire/primitives.ts'
import { type CarBlocks, readCar, writeCar } from './car.ts'
import { ResultList } from './result.ts'

/** Checked at once: there are two for every record. */
const HashList = z.custom<Hex[]>(
  (list) => Array.isArray(list) && list.every(isHash),
  'expected hashes of 32 bytes',
)

/** What one worker signed since the last final batch. */
const WorkerEvidence = z.object({
  account: AddressText,
  delegation: DelegationDocument,
  from: HeadDocument,
  payloadHashes: HashList,
  /** Links after each record; they follow from the hashes and are repeated so that a fault is found where it is. */
  links: HashList,
  head: SignedHeadDocument,
  receipt: ReceiptDocument,
})

/** Scores of one worker: [seq, quality, difficulty, micro] by seq. Checked by hand: there is one for every record. */
const WorkerScores = z.object({
  account: AddressText,
  records: z
    .custom<ScoreText[]>((list) => Array.isArray(list) && list.every(isScoreText), 'expected scores')
    .transform((list) =>
      list.map(([seq, quality, difficulty, micro]): ScoreEntry => {
        return [seq, quality, difficulty, BigInt(micro)]
      }),
    ),
})
type ScoreEntry = [seq: number, quality: number, difficulty: number, micro: bigint]
type ScoreText = [seq: number, quality: number, difficulty: number, micro: string]

function isScoreText(value: unknown): value is ScoreText {
  if (!Array.isArray(value) || value.length !== 4) return false
  const [seq, quality, difficulty, micro] = value
  const areIntegers =
    Number.isSafeInteger(seq) && Number.isSafeInteger(quality) && Number.isSafeInteger(difficulty)
  return areIntegers && seq >= 1 && quality >= 0 && quality <= MILLION && difficulty >= 0 && isAmount(micro)
}

const PartSchemas = {
  terms: z.object({ chainId: z.int(), campaigns: AddressText, terms: TermsDocument }),
  workers: z.array(WorkerEvidence),
  reveals: z.array(z.object({ item: Hash, label: z.string(), salt: Hash, proof: z.array(Hash) })),
  results: ResultList,
  scores: z.array(WorkerScores),
  payouts: z.array(z.object({ account: AddressText, amount: Amount })),
}
type PartName = keyof typeof PartSchemas
const PART_NAMES = Object.keys(PartSchemas) as PartName[]

const AnchorSchema = HeaderDocument.omit({ bundle: true, campaignId: true })
const RootSchema = z.object({
  v: z.literal(1),
  campaignId: Hash,
  anchor: AnchorSchema,
})

/** The evidence of one batch, opened: everything `verify` needs but the chain's word on the header. */
export type Evidence = { [Name in PartName]: z.output<(typeof PartSchemas)[Name]> } & {
  campaignId: Hex
  /** The batch header but for the digest of this very bundle. */
  anchor: z.output<typeof AnchorSchema>
  /** Canonical spec bytes. */
  spec: Uint8Array
  /** Canonical bytes of the state after the batch. */
  state: Uint8Array
  /** Payloads by the hash they are stored under. */
  payloads: ReadonlyMap<Hex, Uint8Array>
}

/** Writes evidence as a CAR file; `root` is the digest the chain anchors. */
export function encodeBundle(
  evidence: Evidence,
  crypto: Crypto = pureCrypto,
): { root: Hex; car: Uint8Array } {
  const blocks: { cid: CID; bytes: Uint8Array }[] = []
  const add = (bytes: Uint8Array): CID => {
    const cid = documentCid(toHex(crypto.sha256(bytes)))
    blocks.push({ cid, bytes })
    return cid
  }
  const parts: Record<string, CID> = { spec: add(evidence.spec), state: add(evidence.state) }
  for (const name of PART_NAMES) parts[name] = add(encodeCanonical(toDocument(evidence[name])))
  const rootBytes = encodeCanonical({
    v: 1,
    campaignId: evidence.campaignId,
    anchor: toDocument(evidence.anchor),
    parts,
  })
  const root = toHex(crypto.sha256(rootBytes))
  const rootCid = documentCid(root)
  blocks.unshift({ cid: rootCid, bytes: rootBytes })
  for (const [hash, bytes] of evidence.payloads) blocks.push({ cid: documentCid(hash), bytes })
  return { root, car: writeCar(rootCid, blocks) }
}

/** A bundle as it was read, with the true digest of its root block. */
export interface ReadBundle {
  root: Hex
  evidence: Evidence
}

/**
 * Reads a CAR file. Blocks other than payloads must hash to their names; payloads are left for `verify` to check one
 * by one, so that it can name the record. Throws `bundle-malformed`.
 */
export function decodeBundle(car: Uint8Array, crypto: Crypto = pureCrypto): ReadBundle {
  const { rootBytes, root, part, named, blocks } = openBundle(car, crypto)
  const documents = {} as Record<PartName, unknown>
  for (const name of PART_NAMES) documents[name] = readPart(name, part)
  const spec = part('spec')
  const state = part('state')
  for (const digest of named) blocks.delete(digest)
  const evidence = {
    ...documents,
    campaignId: root.campaignId,
    anchor: root.anchor,
    spec,
    state,
    payloads: blocks,
  } as Evidence
  return { root: toHex(crypto.sha256(rootBytes)), evidence }
}

/** Which batch of which campaign a bundle is about, without opening the rest. Throws `bundle-malformed`. */
export function identifyBundle(
  car: Uint8Array,
  crypto: Crypto = pureCrypto,
): { campaignId: Hex; index: number; deployment: Deployment } {
  const { root, part } = openBundle(car, crypto)
  const { chainId, campaigns } = readPart('terms', part)
  return { campaignId: root.campaignId, index: root.anchor.index, deployment: { chainId, campaigns } }
}

function openBundle(car: Uint8Array, crypto: Crypto) {
  const { rootBytes, blocks } = readBlocks(car)
  const rootDocument = readDocument(rootBytes, 'root') as { [key: string]: unknown }
  const root = parsePart(RootSchema, rootDocument, 'root')
  const parts = (rootDocument.parts ?? {}) as Record<string, unknown>
  /** Digests of the parts opened so far. */
  const named = new Set<Hex>()
  const part = (name: string): Uint8Array => {
    const cid = CID.asCID(parts[name])
    const digest = cid && cidDigest(cid)
    const bytes = digest === null ? undefined : blocks.get(digest)
    if (digest === null || bytes === undefined) throw malformed(`The block "${name}" is missing`)
    if (toHex(crypto.sha256(bytes)) !== digest)
      throw malformed(`The block "${name}" does not hash to its name`)
    named.add(digest)
    return bytes
  }
  return { rootBytes, root, part, named, blocks }
}

function readPart<Name extends PartName>(name: Name, part: (name: string) => Uint8Array): Evidence[Name] {
  return parsePart(PartSchemas[name], readDocument(part(name), name), name) as Evidence[Name]
}

function readBlocks(car: Uint8Array): { rootBytes: Uint8Array; blocks: Map<Hex, Uint8Array> } {
  let read: CarBlocks
  try {
    read = readCar(car)
  } catch (cause) {
    throw malformed('It is not a CAR file', cause)
  }
  if (read.root === null) throw malformed('It has no root block')
  return { rootBytes: read.root, blocks: read.blocks }
}

function readDocument(bytes: Uint8Array, name: string): Canonical {
  try {
    return decodeCanonical(bytes)
  } catch (cause) {
    throw malformed(`The block "${name}" is not canonical`, cause)
  }
}

function parsePart<T extends z.ZodType>(schema: T, value: unknown, name: string): z.output<T> {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]!
  throw malformed(`The block "${name}" is not as it should be at ${issue.path.join('.')}: ${issue.message}`)
}

/** Amounts travel as decimal strings, everything else as it is. */
function toDocument(value: unknown): Canonical {
  if (typeof value === 'bigint') return value.toString()
  if (Array.isArray(value)) return value.map(toDocument)
  if (typeof value === 'object' && value !== null && !(value instanceof Uint8Array)) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, toDocument(entry)]))
  }
  return value as Canonical
}

function malformed(message: string, cause?: unknown): TaggerError {
  return new TaggerError('bundle-malformed', `This evidence bundle cannot be read. ${message}.`, { cause })
}
