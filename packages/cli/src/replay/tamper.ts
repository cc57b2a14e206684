import { nativeCrypto } from '@tagger/node/crypto'
import {
  decodeBundle,
  decodeRecord,
  decodeSpec,
  type Evidence,
  encodeBundle,
  encodeRecord,
  type Hex,
  labelsOf,
} from '@tagger/protocol'

export const TAMPERINGS = ['label', 'score', 'payout', 'root', 'drop', 'reorder'] as const
export type Tampering = (typeof TAMPERINGS)[number]

/** What was changed and where. */
export interface Tampered {
  kind: Tampering
  batch: number
  account?: Hex
  seq?: number
  item?: Hex
  root?: string
}

type Place = Omit<Tampered, 'kind' | 'batch'>

/** Changes one thing in the evidence of the last batch that holds records, as a cheat would, and writes it anew. */
export function tamper(
  bundles: readonly Uint8Array[],
  kind: Tampering,
): { bundles: Uint8Array[]; tampered: Tampered } {
  const opened = bundles.map((car) => decodeBundle(car, nativeCrypto).evidence)
  const batch = opened.findLastIndex(
    ({ workers, scores }) => scores.length > 0 && workers.some(hasTwoRecords),
  )
  if (batch < 0) throw new Error('No batch has enough records to tamper with')
  const evidence = structuredClone(opened[batch]!)
  const place = CHEATS[kind](evidence)
  const changed = [...bundles]
  changed[batch] = encodeBundle(evidence, nativeCrypto).car
  return { bundles: changed, tampered: { kind, batch, ...place } }
}

const CHEATS: Record<Tampering, (evidence: Evidence) => Place> = {
  /** Another answer in a record's payload, kept under the hash the worker signed. */
  label(evidence) {
    const [hash, payload] = [...evidence.payloads].find(
      ([, bytes]) => decodeRecord(bytes).kind === 'annotation',
    )!
    const record = decodeRecord(payload)
    if (record.kind !== 'annotation') throw new Error('Not an annotation')
    const [[question, chosen]] = Object.entries(record.body.answer) as [[string, readonly string[]]]
    const other = labelsOf(decodeSpec(evidence.spec)).find((label) => label !== chosen[0])!
    const changed = encodeRecord({ ...record, body: { answer: { [question]: [other] } } })
    ;(evidence.payloads as Map<Hex, Uint8Array>).set(hash, changed)
    return { account: record.account, seq: record.seq, item: record.item }
  },
  /** A better score, and the pay that goes with it. */
  score(evidence) {
    const { account, records } = evidence.scores[0]!
    const [seq, quality, difficulty, micro] = records[0]!
    records[0] = [seq, quality > 500_000 ? quality - 100_000 : quality + 100_000, difficulty, micro]
    return { account, seq, item: itemOf(evidence, account, seq) }
  },
  /** One unit more for one account. */
  payout(evidence) {
    const line = evidence.payouts[0]!
    line.amount += 1n
    return { account: line.account }
  },
  /** Another root of results. */
  root(evidence) {
    evidence.anchor.resultsRoot = evidence.anchor.resultsRoot.replace(/.$/, (last) =>
      last === '0' ? '1' : '0',
    ) as Hex
    return { root: 'resultsRoot' }
  },
  /** A record in the middle of a chain that never was. */
  drop(evidence) {
    const worker = evidence.workers.find(hasTwoRecords)!
    worker.payloadHashes.splice(0, 1)
    worker.links.splice(0, 1)
    return { account: worker.account, seq: worker.from.count + 1 }
  },
  /** Two records in another order. */
  reorder(evidence) {
    const worker = evidence.workers.find(hasTwoRecords)!
    for (const list of [worker.payloadHashes, worker.links]) [list[0], list[1]] = [list[1]!, list[0]!]
    return { account: worker.account, seq: worker.from.count + 1 }
  },
}

function hasTwoRecords(worker: Evidence['workers'][number]): boolean {
  return worker.payloadHashes.length >= 2
}

/** The item of a record, from its payload. */
function itemOf(evidence: Evidence, account: Hex, seq: number): Hex | undefined {
  for (const payload of evidence.payloads.values()) {
    const record = decodeRecord(payload)
    if (record.account === account && record.seq === seq) return record.item
  }
  return undefined
}
