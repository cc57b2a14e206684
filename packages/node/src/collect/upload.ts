import { setImmediate } from 'node:timers/promises'
import { type Address, parseLabelingConfig, type Spec, TaggerError } from '@tagger/protocol'
import type { UploadReport } from '@tagger/protocol/wire'
import type { z } from 'zod'
import type { Database } from '../db/database.ts'
import type { Node } from '../node.ts'
import { type Candidate, isRejection, type Rejection } from './candidate.ts'
import { shownDataOf } from './item-key.ts'
import { itemName } from './item-name.ts'
import { countItems, type LockedDraftRow, lockDraft } from './queries.ts'
import { checkKept, countedBytes } from './quota.ts'
import { readItemFile } from './read-file.ts'
import { analyzeItems, saveItems, sealCandidate } from './save-items.ts'

const CHUNK_ROWS = 500
const CHUNK_BYTES = 4 * 2 ** 20
const MOST_ITEMS = 1_000_000
const ANALYZE_FROM = 1_000
/** A report is held in memory and read by people. */
const MOST_REJECTED = 10_000

/** A file on its way into a draft. */
export interface Upload {
  draftId: string
  account: Address
  name: string
  mediaType: string
  bytes: Uint8Array
  goldColumn: string | null
}

/** Adds the items of one file to a draft and reports on every row. */
export async function uploadItems(node: Node, upload: Upload): Promise<z.input<typeof UploadReport>> {
  const file = itemName(upload.name)
  const lock = (tx: Database) => lockForItems(tx, upload)
  await checkKept(node, node.db, upload.account, upload.bytes.length)
  const { spec } = await node.db.transaction(lock)
  const { mediaType, bytes, goldColumn } = upload
  const shown = shownDataOf(spec)
  const labels = parseLabelingConfig(spec.labelingConfig).question.choices.map((choice) => choice.value)
  const rejected: Rejection[] = []
  let accepted = 0
  let gold = 0
  const save = async (candidates: readonly Candidate[]) => {
    // Rows repeat the names of their columns: they may be larger than the file they came in.
    await checkKept(node, node.db, upload.account, countedBytes(candidates.map(({ bytes }) => bytes.length)))
    const items = await Promise.all(candidates.map((candidate) => sealCandidate(node, candidate)))
    const added = await saveItems(node, upload.draftId, items, lock)
    items.forEach((item, i) => {
      if (!added.has(item.id)) {
        rejected.push(duplicateOf(candidates[i]!))
        return
      }
      accepted += 1
      if (item.gold !== null) gold += 1
    })
    // A large file takes seconds; others' requests go first.
    await setImmediate()
  }
  const source = { name: file, mediaType, bytes, shown, modality: spec.modality, labels, goldColumn }
  let chunk: Candidate[] = []
  let size = 0
  for (const entry of readItemFile(source)) {
    if (rejected.length >= MOST_REJECTED) {
      rejected.push(unreadFrom(entry))
      break
    }
    if (isRejection(entry)) {
      rejected.push(entry)
      continue
    }
    chunk.push(entry)
    size += entry.bytes.length
    if (chunk.length < CHUNK_ROWS && size < CHUNK_BYTES) continue
    await save(chunk)
    chunk = []
    size = 0
  }
  if (chunk.length > 0) await save(chunk)
  if (accepted >= ANALYZE_FROM) await analyzeItems(node)
  const [counts] = await node.db.query<{ items: number }>(countItems(upload.draftId))
  rejected.sort((a, b) => a.row - b.row)
  return { file, accepted, gold, rejected, items: counts!.items }
}

/** The draft, locked, if this account may still add items to it. */
async function lockForItems(tx: Database, { draftId, account }: Upload): Promise<{ spec: Spec }> {
  const [draft] = await tx.query<LockedDraftRow>(lockDraft(draftId))
  if (draft?.account !== account) throw new TaggerError('not-found', 'You have no such draft')
  if (draft.is_accepted) {
    throw new TaggerError('conflict', 'The items of this draft are fixed: terms were accepted for them', {
      hints: ['Start a new draft for other items.'],
    })
  }
  const spec = draft.spec as Spec
  if (spec.kind !== 'annotate') {
    throw new TaggerError('conflict', 'A collect campaign gets its items from contributors', {
      hints: ['Set the kind of the draft to "annotate" to upload items.'],
    })
  }
  if (draft.next_position >= MOST_ITEMS) {
    throw new TaggerError('too-large', `A draft holds at most ${MOST_ITEMS} items`)
  }
  return { spec }
}

function unreadFrom({ row, name }: Candidate | Rejection): Rejection {
  const message = `${MOST_REJECTED} rows were refused before this one: the file was not read on from here`
  return { row, name, code: 'too-large', message }
}

function duplicateOf({ row, name }: Candidate): Rejection {
  return { row, name, code: 'item-duplicate', message: 'the draft has this content already' }
}
