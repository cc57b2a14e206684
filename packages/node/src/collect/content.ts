import type { Hex, Spec } from '@tagger/protocol'
import type { Node } from '../node.ts'
import { shownDataOf } from './item-key.ts'
import { type ContentRow, eraseKey, selectContent, selectContents, selectShown } from './queries.ts'
import { openItem } from './seal.ts'

/** Values of an item by key. */
export type ItemData = Record<string, string>

/**
 * What workers may see of these items: the keys the campaign shows. The value of an image key is the image's name;
 * {@link itemImage} has its bytes. Erased items are missing.
 */
export async function itemData(
  node: Node,
  draftId: string,
  items: readonly Hex[],
): Promise<Map<Hex, ItemData>> {
  const shown = await shownKeys(node, draftId)
  return await openItems(node, draftId, items, (data) =>
    Object.fromEntries(shown.keys.flatMap((key) => (Object.hasOwn(data, key) ? [[key, data[key]!]] : []))),
  )
}

/** Everything the requester uploaded with these items, columns not shown to workers included. */
export async function wholeItemData(
  node: Node,
  draftId: string,
  items: readonly Hex[],
): Promise<Map<Hex, ItemData>> {
  return await openItems(node, draftId, items, (data) => data)
}

/** Bytes and media type of an image item; null when there is no such item, it is no image, or it was erased. */
export async function itemImage(
  node: Node,
  draftId: string,
  item: Hex,
): Promise<{ mediaType: string; bytes: Uint8Array; name: string } | null> {
  const [row] = await node.db.query<ContentRow>(selectContent(draftId, item))
  if (!row?.media_type.startsWith('image/')) return null
  const bytes = await openRow(node, row)
  return bytes && { mediaType: row.media_type, bytes, name: row.name }
}

/** Makes an item unreadable for ever: its key is destroyed. Answers whether there was such an item. */
export async function eraseItem(node: Node, draftId: string, item: Hex): Promise<boolean> {
  const rows = await node.db.query(eraseKey(draftId, item))
  if (rows.length > 0) await node.blobs.delete(item.slice(2))
  return rows.length > 0
}

async function openItems(
  node: Node,
  draftId: string,
  items: readonly Hex[],
  pick: (data: ItemData) => ItemData,
): Promise<Map<Hex, ItemData>> {
  if (items.length === 0) return new Map()
  const { contentKey } = await shownKeys(node, draftId)
  const rows = await node.db.query<ContentRow>(selectContents(draftId, items))
  const opened = new Map<Hex, ItemData>()
  const decoder = new TextDecoder()
  for (const row of rows) {
    if (row.wrapped_key === null) continue
    if (row.media_type.startsWith('image/')) {
      opened.set(row.id, pick({ [contentKey ?? 'image']: row.name }))
      continue
    }
    const bytes = await openRow(node, row)
    if (bytes === null) continue
    const text = decoder.decode(bytes)
    const data = row.media_type === 'application/json' ? JSON.parse(text) : { [contentKey ?? 'text']: text }
    opened.set(row.id, pick(data))
  }
  return opened
}

async function openRow(node: Node, row: ContentRow): Promise<Uint8Array | null> {
  const { id, wrapped_key: wrappedKey } = row
  if (wrappedKey === null) return null
  const sealed = row.sealed ?? (await node.blobs.get(id.slice(2)))
  return sealed && openItem(node, { id, sealed, wrappedKey })
}

async function shownKeys(node: Node, draftId: string) {
  const [spec] = await node.db.query<Pick<Spec, 'kind' | 'modality' | 'labelingConfig'>>(selectShown(draftId))
  return spec === undefined ? { keys: [], contentKey: null } : shownDataOf(spec)
}
