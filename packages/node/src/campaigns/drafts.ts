import { type Address, encodeCanonical, TaggerError } from '@tagger/protocol'
import type { DraftDocument } from '@tagger/protocol/wire'
import { z } from 'zod'
import { lockDraft } from '../collect/queries.ts'
import { newId } from '../db/id.ts'
import { sql } from '../db/sql.ts'
import type { Node } from '../node.ts'
import { decodeCursor, encodeCursor } from './cursor.ts'
import {
  type DeletedRow,
  type DraftRow,
  deleteDraft,
  insertDraft,
  selectDraft,
  selectUnopened,
  unopenedDrafts,
  updateDraftSpec,
} from './queries.ts'

const LARGEST_SPEC = 2 ** 20

/** What uploads rely on; the rest is checked as a whole when terms are asked for. */
const DraftSpec = z.looseObject({
  kind: z.enum(['collect', 'annotate']),
  modality: z.enum(['text', 'image']),
  labelingConfig: z.string().max(100_000).default(''),
})

type Spec = Record<string, unknown>

/** Starts a draft for this account. Throws `quota-reached` when it has too many that came to nothing. */
export async function createDraft(node: Node, account: Address, spec: Spec): Promise<DraftRow> {
  const now = node.now()
  const id = newId(now)
  const { maxDrafts } = node.config
  const made = await node.db.query(insertDraft({ id, account, spec: checkDraftSpec(spec), now }, maxDrafts))
  if (made.length === 0) {
    const [oldest] = await node.db.query<{ id: string }>(
      sql`select id from ${unopenedDrafts(account)} as d order by id limit 1`,
    )
    throw new TaggerError('quota-reached', `You have ${maxDrafts} drafts that no campaign was opened from`, {
      hints: ['Open one of them, or delete what you no longer need: DELETE /api/v1/drafts/{id}.'],
      data: { most: maxDrafts, oldest: oldest?.id ?? null },
    })
  }
  return await loadDraft(node, id, account)
}

/** Replaces the spec of a draft for which no terms were accepted yet. */
export async function updateDraft(node: Node, id: string, account: Address, spec: Spec): Promise<DraftRow> {
  await loadDraft(node, id, account)
  const updated = await node.db.query(updateDraftSpec(id, checkDraftSpec(spec)))
  if (updated.length === 0) {
    throw new TaggerError('conflict', 'This draft is fixed: terms were accepted for it', {
      hints: ['Start a new draft for other rules.'],
    })
  }
  return await loadDraft(node, id, account)
}

/** A draft of this account; others' drafts do not exist for it. */
export async function loadDraft(node: Node, id: string, account: Address): Promise<DraftRow> {
  const [draft] = await node.db.query<DraftRow>(selectDraft(id))
  if (draft?.account !== account) throw new TaggerError('not-found', 'You have no such draft')
  return draft
}

/** A page of what an account began and opened no campaign from. */
export async function listDrafts(
  node: Node,
  account: Address,
  { cursor, limit }: { cursor?: string; limit: number },
): Promise<{ data: z.input<typeof DraftDocument>[]; nextCursor: string | null }> {
  const before = decodeCursor(cursor, ['string'])?.[0] ?? null
  const found = await node.db.query<DraftRow>(selectUnopened(account, before as string | null, limit + 1))
  const rows = found.slice(0, limit)
  return {
    data: rows.map(draftDocument),
    nextCursor: found.length > limit ? encodeCursor([rows.at(-1)!.id]) : null,
  }
}

/** Forgets a draft and the bytes of its items; answers how many those were. Throws `conflict` once it is promised. */
export async function removeDraft(node: Node, id: string, account: Address): Promise<{ items: number }> {
  await loadDraft(node, id, account)
  const now = Math.floor(node.now().getTime() / 1000)
  const rows = await node.db.transaction(async (tx) => {
    // Uploads and acceptances hold the same lock.
    await tx.query(lockDraft(id))
    return await tx.query<DeletedRow>(deleteDraft(id, now))
  })
  if (rows.length === 0) {
    throw new TaggerError('conflict', 'This draft stays: its campaign is open, or may still be opened', {
      hints: ['Terms that were accepted for it can be used until their deadline.'],
    })
  }
  const items = rows.filter(({ item }) => item !== null)
  for (const { item, is_blob } of items) if (is_blob) await node.blobs.delete(item!.slice(2))
  return { items: items.length }
}

/** A draft as the API shows it. */
export function draftDocument(draft: DraftRow): z.input<typeof DraftDocument> {
  return {
    id: draft.id,
    createdAt: draft.created_at.toISOString(),
    spec: draft.spec,
    items: draft.items,
    gold: draft.gold,
    campaignId: draft.campaign_id,
  }
}

function checkDraftSpec(spec: Spec): Spec {
  const parsed = DraftSpec.safeParse(spec)
  if (!parsed.success) {
    const hints = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`)
    throw new TaggerError('spec-invalid', `This is no start of a spec: ${hints[0]}`, { hints })
  }
  const text = JSON.stringify(parsed.data)
  if (text.length > LARGEST_SPEC) {
    throw new TaggerError('too-large', `A spec has at most ${LARGEST_SPEC} characters`)
  }
  // What has no canonical form could never be hashed; a zero character could not even be stored.
  encodeCanonical(parsed.data as never)
  if (text.includes('\\u0000')) throw new TaggerError('bad-document', 'A spec cannot hold zero characters')
  return parsed.data
}
