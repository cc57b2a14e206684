import type { Address, Hex } from '@tagger/protocol'
import { type Statement, sql } from '../db/sql.ts'

/** Locks a draft for a change of its items; `isAccepted` once terms were accepted for it. */
export function lockDraft(draftId: string): Statement {
  return sql`
    select d.account, d.spec, d.next_position,
      exists (select 1 from acceptances a where a.draft_id = d.id) as is_accepted
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

/** Adds items at the draft's next positions; those whose content it has already are left out. Answers with what was added. */
export function insertItems(draftId: string, items: readonly NewItem[]): Statement {
  const column = <T>(pick: (item: NewItem) => T) => items.map(pick)
  return sql`
    with places as (
      update drafts set next_position = next_position + ${items.length} where id = ${draftId}
      returning next_position - ${items.length}::int as first)
    insert into items (draft_id, id, position, media_type, bytes, name, sealed, wrapped_key, content_hmac, columns,
      gold_label, gold_salt)
    select ${draftId}, id, first + nth::int - 1, media_type, bytes, name, sealed, wrapped_key, hmac,
      columns::jsonb, gold_label, gold_salt
    from places, unnest(
      ${column((i) => i.id)}::text[], ${column((i) => i.mediaType)}::text[], ${column((i) => i.bytes)}::int[],
      ${column((i) => i.name)}::text[], ${column((i) => i.sealed)}::bytea[], ${column((i) => i.wrappedKey)}::bytea[],
      ${column((i) => i.hmac)}::text[], ${column((i) => i.columns && JSON.stringify(i.columns))}::text[],
      ${column((i) => i.gold?.label ?? null)}::text[], ${column((i) => i.gold?.salt ?? null)}::text[])
      with ordinality
      as new (id, media_type, bytes, name, sealed, wrapped_key, hmac, columns, gold_label, gold_salt, nth)
    on conflict (draft_id, content_hmac) do nothing
    returning id, bytes`
}

/** Adds one collected piece that waits for its submission record. */
export function insertSubmission(
  draftId: string,
  item: NewItem,
  { source, now }: { source: Address; now: Date },
): Statement {
  return sql`
    with place as (
      update drafts set next_position = next_position + 1 where id = ${draftId}
      returning next_position - 1 as position)
    insert into items (draft_id, id, position, media_type, bytes, name, sealed, wrapped_key, content_hmac, source,
      status, added_at)
    select ${draftId}, ${item.id}, position, ${item.mediaType}, ${item.bytes}, ${item.name}, ${item.sealed}::bytea,
      ${item.wrappedKey}::bytea, ${item.hmac}, ${source}, 'unfinished', ${now}::timestamptz
    from place`
}

/** Forgets pieces whose record never came; answers with those whose bytes are in the blob store. */
export function deleteUnfinished(draftId: string, before: Date): Statement {
  return sql`
    with gone as (
      delete from items where draft_id = ${draftId} and status = 'unfinished' and added_at < ${before}
      returning id, sealed)
    select id from gone where sealed is null`
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
