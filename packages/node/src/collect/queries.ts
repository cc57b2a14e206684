import type { Address, Hex } from '@tagger/protocol'
import { json, type Statement, sql } from '../db/sql.ts'

/** Locks a draft for a change of its items; `isAccepted` once terms were accepted for it. */
export function lockDraft(draftId: string): Statement {
  return sql`
    select d.account, d.spec,
      exists (select 1 from acceptances a where a.draft_id = d.id) as is_accepted,
      (select coalesce(max(i.position) + 1, 0)::int from items i where i.draft_id = d.id) as next_position
    from drafts d where d.id = ${draftId} for update of d`
}

export interface LockedDraftRow {
  account: Address
  spec: Record<string, unknown>
  is_accepted: boolean
  next_position: number
}

/** A row of `items` to be. */
export interface NewItem {
  id: Hex
  mediaType: string
  bytes: number
  name: string
  /** Null when the bytes went to the blob store. */
  sealed: Uint8Array | null
  wrappedKey: Uint8Array
  hmac: string
  columns: readonly string[] | null
  gold: { label: string; salt: Hex } | null
}

/** Adds items from a position on; those whose content the draft has already are left out. Answers with what was added. */
export function insertItems(draftId: string, position: number, items: readonly NewItem[]): Statement {
  const column = <T>(pick: (item: NewItem) => T) => items.map(pick)
  return sql`
    insert into items (draft_id, id, position, media_type, bytes, name, sealed, wrapped_key, content_hmac, columns,
      gold_label, gold_salt)
    select ${draftId}, id, ${position}::int + nth::int - 1, media_type, bytes, name, sealed, wrapped_key, hmac,
      columns::jsonb, gold_label, gold_salt
    from unnest(
      ${column((i) => i.id)}::text[], ${column((i) => i.mediaType)}::text[], ${column((i) => i.bytes)}::int[],
      ${column((i) => i.name)}::text[], ${column((i) => i.sealed)}::bytea[], ${column((i) => i.wrappedKey)}::bytea[],
      ${column((i) => i.hmac)}::text[], ${column((i) => i.columns && JSON.stringify(i.columns))}::text[],
      ${column((i) => i.gold?.label ?? null)}::text[], ${column((i) => i.gold?.salt ?? null)}::text[])
      with ordinality
      as new (id, media_type, bytes, name, sealed, wrapped_key, hmac, columns, gold_label, gold_salt, nth)
    on conflict (draft_id, content_hmac) do nothing
    returning id`
}

/** Adds one collected piece that waits for its submission record. */
export function insertSubmission(
  draftId: string,
  position: number,
  item: NewItem,
  { source, now }: { source: Address; now: Date },
): Statement {
  return sql`
    insert into items (draft_id, id, position, media_type, bytes, name, sealed, wrapped_key, content_hmac, columns,
      source, status, added_at)
    values (${draftId}, ${item.id}, ${position}, ${item.mediaType}, ${item.bytes}, ${item.name}, ${item.sealed},
      ${item.wrappedKey}, ${item.hmac}, ${item.columns === null ? null : json(item.columns)}, ${source}, 'unfinished',
      ${now})`
}

/** Forgets pieces whose record never came. */
export function deleteUnfinished(draftId: string, before: Date): Statement {
  return sql`
    delete from items where draft_id = ${draftId} and status = 'unfinished' and added_at < ${before}`
}

/** The collected piece with this content, and how many there are: in all, and from one contributor. */
export function selectCollected(draftId: string, hmac: string, source: Address): Statement {
  return sql`
    select count(*)::int as total, count(*) filter (where source = ${source})::int as own,
      max(id) filter (where content_hmac = ${hmac}) as same_id,
      max(source) filter (where content_hmac = ${hmac}) as same_source,
      max(status) filter (where content_hmac = ${hmac}) as same_status
    from items where draft_id = ${draftId}`
}

export interface CollectedRow {
  total: number
  own: number
  same_id: Hex | null
  same_source: Address | null
  same_status: string | null
}

/** How many items a draft has, and how many of them are gold. */
export function countItems(draftId: string): Statement {
  return sql`
    select count(*)::int as items, count(gold_label)::int as gold from items
    where draft_id = ${draftId} and status <> 'unfinished'`
}

/** Items to open; images without their bytes, of which only one is wanted at a time. */
export function selectContents(draftId: string, items: readonly Hex[]): Statement {
  return sql`
    select id, media_type, name, wrapped_key, case when media_type like 'image/%' then null else sealed end as sealed
    from items where draft_id = ${draftId} and id = any(${items}::text[])`
}

/** One item with its bytes. */
export function selectContent(draftId: string, item: Hex): Statement {
  return sql`
    select id, media_type, name, wrapped_key, sealed from items where draft_id = ${draftId} and id = ${item}`
}

export interface ContentRow {
  id: Hex
  media_type: string
  name: string
  wrapped_key: Uint8Array | null
  sealed: Uint8Array | null
}

/** The parts of a draft's spec that say how its items are shown. */
export function selectShown(draftId: string): Statement {
  return sql`
    select spec->>'kind' as kind, spec->>'modality' as modality, spec->>'labelingConfig' as "labelingConfig"
    from drafts where id = ${draftId}`
}

/** Destroys the key of an item and everything that would recognize it. */
export function eraseKey(draftId: string, item: Hex): Statement {
  return sql`
    update items set wrapped_key = null, sealed = null, name = 'erased', content_hmac = 'erased ' || id
    where draft_id = ${draftId} and id = ${item} returning id`
}
