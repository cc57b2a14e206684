import { Readable } from 'node:stream'
import { TaggerError } from '@tagger/protocol'
import { endpoints } from '@tagger/protocol/wire'
import { itemImage } from '../collect/content.ts'
import type { Routes } from '../http/routes.ts'
import type { Node } from '../node.ts'
import { acceptDraft } from './acceptance.ts'
import { createDraft, draftDocument, listDrafts, loadDraft, removeDraft, updateDraft } from './drafts.ts'
import { getProgress } from './progress.ts'
import { exportResults, isDelivered, listResults, requestersCampaign } from './results.ts'
import { getCampaign, listCampaigns } from './summaries.ts'

/** Campaigns from draft to results. */
export function campaignsRoutes(routes: Routes, node: Node): void {
  routes.on(endpoints.createDraft, async ({ account, body }) =>
    draftDocument(await createDraft(node, account!, body.spec)),
  )
  routes.on(endpoints.updateDraft, async ({ account, params, body }) =>
    draftDocument(await updateDraft(node, params.id, account!, body.spec)),
  )
  routes.on(endpoints.getDraft, async ({ account, params }) =>
    draftDocument(await loadDraft(node, params.id, account!)),
  )
  routes.on(endpoints.listDrafts, async ({ account, query }) => listDrafts(node, account!, query))
  routes.on(endpoints.deleteDraft, async ({ account, params }) => removeDraft(node, params.id, account!))
  routes.on(endpoints.acceptDraft, async ({ account, params, body }) =>
    acceptDraft(node, { id: params.id, account: account! }, body),
  )
  routes.on(endpoints.listCampaigns, async ({ query }) => listCampaigns(node, query))
  routes.on(endpoints.getCampaign, async ({ params, account }) => getCampaign(node, params.id, account))
  routes.on(endpoints.getProgress, async ({ params, account }) => getProgress(node, params.id, account))
  routes.on(endpoints.listResults, async ({ params, account, query }) =>
    listResults(node, await requestersCampaign(node, params.id, account!), query),
  )

  routes.on(endpoints.exportResults, async ({ params, account, query: { format } }) => {
    const campaign = await requestersCampaign(node, params.id, account!)
    const file = Readable.from(exportResults(node, campaign, format), { objectMode: false })
    return new Response(Readable.toWeb(file) as BodyInit, {
      headers: {
        'content-type': format === 'csv' ? 'text/csv; charset=utf-8' : 'application/x-ndjson',
        'content-disposition': `attachment; filename="results-${params.id.slice(2, 10)}.${format}"`,
        'x-content-type-options': 'nosniff',
      },
    })
  })

  routes.on(endpoints.getItemContent, async ({ params, account }) => {
    const campaign = await requestersCampaign(node, params.id, account!)
    const isReadable = await isDelivered(node, campaign, params.item)
    const image = isReadable ? await itemImage(node, campaign.draftId, params.item) : null
    if (image === null) throw new TaggerError('not-found', 'There is no such image, or it is not yours yet')
    return new Response(image.bytes as BodyInit, {
      headers: {
        'content-type': image.mediaType,
        'cache-control': 'private, no-store',
        'content-security-policy': "default-src 'none'; sandbox",
        'x-content-type-options': 'nosniff',
      },
    })
  })
}
