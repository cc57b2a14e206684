import { type Address, TaggerError } from '@tagger/protocol'
import { endpoints } from '@tagger/protocol/wire'
import { decodeCursor, encodeCursor } from '../campaigns/cursor.ts'
import type { Routes } from '../http/routes.ts'
import type { Node } from '../node.ts'
import { createDataset } from './create-dataset.ts'
import { datasetDocument, datasetSummaries, licenseDocuments } from './documents.ts'
import {
  type DatasetRow,
  type LicenseRow,
  selectDataset,
  selectLicenses,
  selectMarket,
  selectRunningLicense,
} from './queries.ts'
import { listShares } from './shares.ts'

/** The market: datasets, licenses, revenue. */
export function tradeRoutes(routes: Routes, node: Node): void {
  routes.on(endpoints.createDataset, async ({ params, body, account }) =>
    datasetDocument(node, await createDataset(node, params.id, account!, body)),
  )

  routes.on(endpoints.listDatasets, async ({ query, account }) => {
    const rows = await node.db.query<DatasetRow>(
      selectMarket({
        search: query.search ?? null,
        modality: query.modality ?? null,
        owner: query.owner ?? null,
        unmintedOf: query.unminted === 'true' ? account : null,
        after: (decodeCursor(query.cursor, ['string'])?.[0] as string | undefined) ?? null,
        limit: query.limit + 1,
      }),
    )
    const page = rows.slice(0, query.limit)
    return {
      data: await datasetSummaries(node, page),
      nextCursor: rows.length > page.length ? encodeCursor([page.at(-1)!.id]) : null,
    }
  })

  routes.on(endpoints.getDataset, async ({ params, account }) =>
    datasetDocument(node, await visibleDataset(node, params.id, account)),
  )

  routes.on(endpoints.getManifest, async ({ params, account }) => {
    const { manifest } = await visibleDataset(node, params.id, account)
    return new Response(manifest, { headers: { 'Content-Type': 'application/ld+json' } })
  })

  routes.on(endpoints.getContent, async ({ params, account }) => {
    const dataset = await visibleDataset(node, params.id, account)
    await requireContentAccess(node, dataset, account!)
    const name = dataset.mint.version.cipherRoot.slice(2)
    const cipher = await node.blobs.get(name)
    if (!cipher) throw new TaggerError('not-found', 'The content of this dataset is no longer here')
    return new Response(cipher as Uint8Array<ArrayBuffer>, {
      headers: {
        'Content-Type': 'application/octet-stream',
        'Content-Length': String(cipher.length),
        'Content-Disposition': `attachment; filename="tagger-dataset-${dataset.id}.sealed"`,
        'Cache-Control': 'private, no-store',
      },
    })
  })

  routes.on(endpoints.listLicenses, async ({ account }) => ({
    data: await licenseDocuments(node, await node.db.query<LicenseRow>(selectLicenses(account!))),
  }))

  routes.on(endpoints.listShares, async ({ params, query }) => listShares(node, params.account, query))
}

/** A dataset without a passport exists for its maker only. */
async function visibleDataset(node: Node, id: string, account: Address | null): Promise<DatasetRow> {
  const [row] = await node.db.query<DatasetRow>(selectDataset(id))
  if (!row || (row.passport_id === null && row.owner !== account)) {
    throw new TaggerError('not-found', `There is no dataset ${id} here`)
  }
  return row
}

/** A license counts as the state the chain has it in now, not as the event of its purchase. */
async function requireContentAccess(node: Node, dataset: DatasetRow, account: Address): Promise<void> {
  if (account === dataset.owner || account === dataset.passport_owner) return
  const now = Math.floor(node.now().getTime() / 1000)
  const [running] = await node.db.query(selectRunningLicense(dataset.id, account, now))
  if (running) return
  const licenses = await node.db.query<LicenseRow>(selectLicenses(account))
  const own = licenses.filter(({ dataset_id }) => dataset_id === dataset.id)
  if (own.some(({ status }) => status === 'paid')) {
    throw new TaggerError('not-delivered', 'The key of this license is not delivered yet', {
      hints: ['Delivery takes a moment; if it does not come in time, the price can be taken back.'],
    })
  }
  if (own.some(({ status }) => status === 'delivered')) {
    throw new TaggerError('license-expired', 'The license of this account has ended', {
      hints: ['Buy another license to download again.'],
    })
  }
  throw new TaggerError('license-missing', 'This account holds no license of this dataset', {
    hints: ['Buy a license on the page of the dataset.'],
  })
}
