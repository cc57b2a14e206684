import {
  type Address,
  type Canonical,
  croissantManifest,
  digestOf,
  type Hex,
  labelsOf,
  parseLabelingConfig,
  type Result,
  requiredDataKeys,
  TaggerError,
} from '@tagger/protocol'
import { HeaderDocument } from '@tagger/protocol/wire'
import { itemData, itemImage } from '../collect/content.ts'
import { newId } from '../db/id.ts'
import { json, sql } from '../db/sql.ts'
import type { Node } from '../node.ts'
import { type CampaignRow, type SettlingCampaign, toCampaign } from '../settle/campaign.ts'
import { findBatch } from '../settle/queries.ts'
import { type ContentRow, composeContent, sealContent, sha256 } from './content.ts'
import { type DatasetRow, selectAccepted, selectDatasetByContent, selectWork } from './queries.ts'

const PAGE = 500

/** What its maker says of a dataset. */
export interface DatasetWords {
  title: string
  description: string
}

/**
 * Makes a dataset of a campaign's final results. The same results make the same dataset: a second call finds it and,
 * while it has no passport, takes the new words.
 */
export async function createDataset(
  node: Node,
  campaignId: Hex,
  caller: Address,
  words: DatasetWords,
): Promise<DatasetRow> {
  const campaign = await requesterCampaign(node, campaignId, caller)
  const last = campaign.lastFinal
  if (last === null) {
    throw new TaggerError('nothing-to-settle', 'This campaign has no final results yet', {
      hints: ['A dataset can be made once the first batch is final.'],
    })
  }
  const labels = labelsOf(campaign.spec)
  const content = composeContent(await loadRows(node, campaign), labels, last)
  if (content.items === 0) {
    throw new TaggerError(
      'nothing-to-settle',
      'No final result of this campaign was accepted, so there is nothing to list',
    )
  }
  const known = await findByContent(node, sha256(content.bytes))
  if (known?.passport_id) return known
  if (known) return await rename(node, campaign, known, words)

  const sealed = sealContent(content.bytes)
  const { bytes } = content
  await node.blobs.put(sealed.cipherRoot.slice(2), sealed.cipher)
  const [work] = await node.db.query<{ records: number; contributors: number }>(selectWork(campaignId))
  const id = newId(node.now())
  const { contentKey, contentRoot, cipherRoot, keyHash } = sealed
  const facts = { ...content, ...work!, id, bytes: bytes.length, contentRoot, createdAt: node.now() }
  const manifest = describe(node, campaign, words, facts)
  const { header } = (await findBatch(node.db, last))!
  // A batch that paid nobody has nobody to share with.
  const contributorsBps =
    HeaderDocument.parse(header).payoutsTotal === 0n ? 0 : campaign.terms.contributorsBps
  const mint = {
    version: {
      ...{ contentRoot, cipherRoot, keyHash, rightsHash: rightsHashOf(campaign) },
      manifest: digestOfManifest(manifest),
      sources: [{ campaignId, batch: last, weight: 10_000, contributorsBps }],
    },
    proofs: [{ terms: campaign.terms, header }],
  }
  await node.db.query(sql`
    insert into datasets (id, campaign_id, batch, owner, title, description, modality, license, languages, tags,
      manifest, mint, content_root, content_key, bytes, items, records, contributors, mean_confidence, labels, sample,
      created_at)
    values (${id}, ${campaignId}, ${last}, ${caller}, ${words.title}, ${words.description},
      ${campaign.spec.modality}, ${campaign.spec.rights.license}, ${json(campaign.spec.languages)},
      ${json(campaign.spec.tags)}, ${manifest}, ${json(mint)}, ${contentRoot}, ${node.keys.wrap(contentKey)},
      ${bytes.length}, ${content.items}, ${work!.records}, ${work!.contributors}, ${content.meanConfidence},
      ${json(content.labels)}, ${json(content.sample)}, ${facts.createdAt})
    on conflict (content_root) do nothing`)
  return (await findByContent(node, contentRoot))!
}

async function requesterCampaign(node: Node, id: Hex, caller: Address): Promise<SettlingCampaign> {
  const [row] = await node.db.query<CampaignRow>(sql`select * from campaigns where id = ${id}`)
  if (!row) throw new TaggerError('not-found', `There is no campaign ${id} here`)
  if (row.requester !== caller) {
    throw new TaggerError('forbidden', 'Only the requester of a campaign can make a dataset of it', {
      hints: ['Log in with the account that opened the campaign.'],
    })
  }
  return toCampaign(row)
}

async function loadRows(node: Node, campaign: SettlingCampaign): Promise<ContentRow[]> {
  const results = await node.db.query<Result>(selectAccepted(campaign.id))
  const rows: ContentRow[] = []
  for (let i = 0; i < results.length; i += PAGE) {
    const page = results.slice(i, i + PAGE)
    const data = await itemData(
      node,
      campaign.draftId,
      page.map(({ item }) => item),
    )
    for (const result of page) {
      // An erased item has no data left to deliver.
      const own = data.get(result.item)
      if (own) rows.push({ result, data: await withImages(node, campaign, result.item, own) })
    }
  }
  return rows
}

/** Images go into the content itself, as data URLs: one file holds all that was licensed. */
async function withImages(
  node: Node,
  campaign: SettlingCampaign,
  item: Hex,
  data: Record<string, string>,
): Promise<Record<string, string>> {
  if (campaign.spec.modality !== 'image') return data
  const image = await itemImage(node, campaign.draftId, item)
  if (!image) return data
  const url = `data:${image.mediaType};base64,${Buffer.from(image.bytes).toString('base64')}`
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, value === image.name ? url : value]),
  )
}

async function findByContent(node: Node, contentRoot: Hex): Promise<DatasetRow | undefined> {
  const [row] = await node.db.query<DatasetRow>(selectDatasetByContent(contentRoot))
  return row
}

async function rename(
  node: Node,
  campaign: SettlingCampaign,
  row: DatasetRow,
  words: DatasetWords,
): Promise<DatasetRow> {
  const manifest = describe(node, campaign, words, {
    id: row.id,
    bytes: row.bytes,
    contentRoot: row.content_root,
    items: row.items,
    records: row.records,
    contributors: row.contributors,
    meanConfidence: row.mean_confidence,
    createdAt: row.created_at,
  })
  const mint = { ...row.mint, version: { ...row.mint.version, manifest: digestOfManifest(manifest) } }
  await node.db.query(sql`
    update datasets set title = ${words.title}, description = ${words.description}, manifest = ${manifest},
      mint = ${json(mint)} where id = ${row.id}`)
  return (await findByContent(node, row.content_root))!
}

interface DatasetFacts {
  id: string
  bytes: number
  contentRoot: Hex
  items: number
  records: number
  contributors: number
  meanConfidence: number
  createdAt: Date
}

/** The manifest's bytes. */
function describe(node: Node, campaign: SettlingCampaign, words: DatasetWords, facts: DatasetFacts): string {
  const { publicUrl, host, port } = node.config
  const base = `${publicUrl ?? `http://${host}:${port}`}/api/v1/datasets/${facts.id}`
  const { spec } = campaign
  return JSON.stringify(
    croissantManifest({
      ...words,
      spec,
      campaignId: campaign.id,
      specHash: campaign.terms.specHash,
      batch: campaign.lastFinal!,
      owner: campaign.requester,
      url: base,
      datePublished: facts.createdAt.toISOString(),
      content: {
        name: 'results.jsonl',
        url: `${base}/content`,
        bytes: facts.bytes,
        sha256: facts.contentRoot,
        encodingFormat: 'application/jsonlines',
      },
      dataKeys: spec.kind === 'collect' ? [] : requiredDataKeys(parseLabelingConfig(spec.labelingConfig)),
      labels: labelsOf(spec),
      items: facts.items,
      records: facts.records,
      contributors: facts.contributors,
      meanConfidence: facts.meanConfidence,
    }),
  )
}

/** What a passport calls a manifest: the hash of its bytes, so it holds wherever they are served from. */
function digestOfManifest(manifest: string): Hex {
  return sha256(new TextEncoder().encode(manifest))
}

/** What a buyer may do, as one hash: passports and offers name it. */
function rightsHashOf({ spec }: SettlingCampaign): Hex {
  return digestOf(spec.rights as unknown as Canonical)
}
