import { endpoints } from '@tagger/protocol/wire'
import { workCampaign } from '../assign/campaign.ts'
import type { Routes } from '../http/routes.ts'
import type { Node } from '../node.ts'
import { submitContent } from './submit.ts'
import { uploadItems } from './upload.ts'

/** How data comes in: a requester's files, contributors' pieces. */
export function collectRoutes(routes: Routes, node: Node): void {
  routes.on(endpoints.uploadItems, async ({ params, query, account, upload }) =>
    uploadItems(node, {
      draftId: params.id,
      account: account!,
      name: query.name,
      goldColumn: query.goldColumn ?? null,
      ...upload!,
    }),
  )

  routes.on(endpoints.submitContent, async ({ params, query, account, upload }) => {
    const campaign = await workCampaign(node, params.id)
    return await submitContent(node, campaign, { account: account!, name: query.name, ...upload! })
  })
}
