import { randomBytes } from 'node:crypto'
import { type Hex, toHex } from '@tagger/protocol'
import { sql } from '../db/sql.ts'
import type { Node } from '../node.ts'
import type { Candidate } from './candidate.ts'
import { insertItems, type NewItem } from './queries.ts'
import { countedBytes } from './quota.ts'
import { sealItem } from './seal.ts'

/** Up to here encrypted bytes stay in their row; larger ones go to the blob store. */
const INLINE_BYTES = 8 * 2 ** 10

/** Encrypts a candidate and puts its bytes where they will rest. */
export async function sealCandidate(node: Node, candidate: Candidate): Promise<NewItem> {
  const { name, mediaType, bytes, columns, gold } = candidate
  const { id, sealed, wrappedKey } = sealItem(node, bytes)
  const isInline = sealed.length <= INLINE_BYTES
  if (!isInline) await node.blobs.put(id.slice(2), sealed)
  return {
    id,
    mediaType,
    bytes: bytes.length,
    name,
    sealed: isInline ? sealed : null,
    wrappedKey,
    hmac: contentHmac(node, candidate),
    columns,
    gold: gold === null ? null : { label: gold, salt: toHex(randomBytes(32)) as Hex },
  }
}

/** What recognizes the same content again, of no use to anyone without the node's key. */
export function contentHmac(node: Pick<Node, 'keys'>, { mediaType, bytes }: Candidate): string {
  return node.keys.hmac(Buffer.concat([Buffer.from(`${mediaType}\n`), bytes]))
}

/** Adds items to a locked draft; answers with those that were new. Bytes of duplicates are thrown away. */
export async function saveItems(
  node: Node,
  draftId: string,
  items: readonly NewItem[],
  lock: (tx: Node['db']) => Promise<unknown>,
): Promise<Set<Hex>> {
  const added = await node.db.transaction(async (tx) => {
    await lock(tx)
    const rows = await tx.query<{ id: Hex; bytes: number }>(insertItems(draftId, items))
    const kept = countedBytes(rows.map(({ bytes }) => bytes))
    await tx.query(sql`update drafts set kept_bytes = kept_bytes + ${kept}::bigint where id = ${draftId}`)
    return rows
  })
  const ids = new Set(added.map(({ id }) => id))
  for (const item of items) {
    if (item.sealed === null && !ids.has(item.id)) await node.blobs.delete(item.id.slice(2))
  }
  return ids
}

/** Fresh statistics after many new rows: without them the planner walks the whole table for one draft. */
export async function analyzeItems(node: Node): Promise<void> {
  await node.db.query(sql`analyze items`)
}
