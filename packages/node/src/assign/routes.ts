import { type Hex, TaggerError } from '@tagger/protocol'
import { endpoints } from '@tagger/protocol/wire'
import { itemImage } from '../collect/content.ts'
import type { Routes } from '../http/routes.ts'
import type { Node } from '../node.ts'
import { workCampaign } from './campaign.ts'
import { isContentToken } from './content-token.ts'
import { assignmentDocuments } from './documents.ts'
import { leaseItems } from './lease.ts'
import { releaseLeases, selectReadable } from './queries.ts'

/** Work given out and given back. */
export function assignRoutes(routes: Routes, node: Node): void {
  routes.on(endpoints.createAssignments, async ({ params, body, account }) => {
    const campaign = await workCampaign(node, params.id)
    const { leases, shortfall } = await leaseItems(node, campaign, {
      account: account!,
      kind: body.kind,
      count: body.count,
      items: body.items === undefined ? null : [...new Set(body.items)],
    })
    return { data: await assignmentDocuments(node, campaign, leases), shortfall }
  })

  routes.on(endpoints.releaseAssignments, async ({ params, body, account }) => {
    const campaign = await workCampaign(node, params.id)
    const released = await node.db.query(releaseLeases(campaign, account!, body.ids))
    return { released: released.length }
  })

  routes.on(endpoints.getAssignedContent, async ({ params, query }) => {
    const content = { assignment: params.id, key: query.key }
    const now = node.now()
    if (!isContentToken(node.keys, query.token, content, now)) {
      throw new TaggerError('forbidden', 'This link does not open the content, or it has run out', {
        hints: ['Ask for the assignment again to get a new link.'],
      })
    }
    const [readable] = await node.db.query<{ item: Hex; draft_id: string }>(selectReadable(params.id))
    const image = readable && (await itemImage(node, readable.draft_id, readable.item))
    if (!image) throw new TaggerError('not-found', 'This content is no longer here')
    return new Response(image.bytes as Uint8Array<ArrayBuffer>, {
      headers: {
        'Content-Type': image.mediaType,
        'Content-Length': String(image.bytes.length),
        // It belongs to one worker: no shared cache may keep it.
        'Cache-Control': 'private, max-age=900',
        'Content-Disposition': 'inline',
        'Content-Security-Policy': "default-src 'none'; sandbox",
        'X-Content-Type-Options': 'nosniff',
      },
    })
  })
}
