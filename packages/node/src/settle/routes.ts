import { type Hex, TaggerError } from '@tagger/protocol'
import { endpoints, HeaderDocument } from '@tagger/protocol/wire'
import { sql } from '../db/sql.ts'
import type { Routes } from '../http/routes.ts'
import type { Node } from '../node.ts'
import { headerDocument } from './calls.ts'
import { type BatchRow, findBatch } from './queries.ts'

/** Batches and their evidence, for anyone. */
export function settleRoutes(routes: Routes, node: Node): void {
  routes.on(endpoints.listBatches, async ({ params }) => {
    const known = await node.db.query(sql`select 1 from campaigns where id = ${params.id}`)
    if (known.length === 0) throw new TaggerError('not-found', `There is no campaign ${params.id} here`)
    const rows = await node.db.query<BatchRow & { dispute_id: Hex | null }>(sql`
      select b.*, (
        select d.id from disputes d where d.batch = b.hash order by d.challenged_at desc, d.id limit 1) as dispute_id
      from batches b where b.campaign_id = ${params.id} order by b.batch_index, b.created_at`)
    return { data: rows.map(batchDocument) }
  })

  routes.on(endpoints.getBundle, async ({ params }) => {
    const batch = await findBatch(node.db, params.hash)
    // Answers and gold are opened by the proposal: one that never reaches the chain must not have told them.
    const isOpen = batch !== null && batch.propose_transaction !== null
    const bytes = isOpen ? await node.blobs.get(batch.bundle) : null
    if (!batch || !bytes)
      throw new TaggerError('not-found', `There is no bundle of a batch ${params.hash} here`)
    return new Response(bytes as Uint8Array<ArrayBuffer>, {
      headers: {
        'Content-Type': 'application/vnd.ipld.car; version=1',
        'Content-Length': String(bytes.length),
        'Content-Disposition': `attachment; filename="tagger-batch-${params.hash.slice(2, 14)}.car"`,
        // Named by its content: it never changes.
        'Cache-Control': 'public, max-age=31536000, immutable',
        ETag: `"${batch.bundle}"`,
      },
    })
  })
}

function batchDocument(row: BatchRow & { dispute_id: Hex | null }) {
  return {
    hash: row.hash,
    header: headerDocument(HeaderDocument.parse(row.header)),
    status: row.status,
    items: row.items,
    records: row.records,
    finalAt: row.final_at === null || row.is_disputed ? null : new Date(row.final_at * 1000).toISOString(),
    disputeId: row.dispute_id,
    proposeTransaction: row.propose_transaction,
    finalizeTransaction: row.finalize_transaction,
    bundleBytes: row.bundle_bytes,
  }
}
