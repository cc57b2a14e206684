import type { Address, Hex } from '../bytes/hex.ts'
import type { Spec } from '../spec/spec.ts'

/** What a dataset made from a campaign's final results is described by. */
export interface DatasetDescription {
  title: string
  description: string
  spec: Spec
  campaignId: Hex
  specHash: Hex
  /** Hash of the final batch that is the passport's source. */
  batch: Hex
  owner: Address
  /** Where the node serves it. */
  url: string
  /** ISO 8601 date. */
  datePublished: string
  content: { name: string; url: string; bytes: number; sha256: Hex; encodingFormat: string }
  /** Columns of the content besides the fixed ones. */
  dataKeys: readonly string[]
  labels: readonly string[]
  items: number
  records: number
  contributors: number
  /** Mean confidence in millionths. */
  meanConfidence: number
}

const FIELDS = [
  ['item', 'sc:Text', 'Content id (CID) of the item as the campaign committed to it.'],
  ['label', 'sc:Text', 'The answer the network holds.'],
  ['confidence', 'sc:Float', 'How sure, from 0 to 1.'],
  ['annotations', 'sc:Integer', 'Answers the label rests on.'],
] as const

/** A dataset's manifest in Croissant 1.1 with RAI fields filled from the campaign (JSON-LD). */
export function croissantManifest(dataset: DatasetDescription): Record<string, unknown> {
  const { spec, content } = dataset
  return {
    '@context': CONTEXT,
    '@type': 'sc:Dataset',
    conformsTo: ['http://mlcommons.org/croissant/1.1', 'http://mlcommons.org/croissant/RAI/1.0'],
    name: identifierOf(dataset.title),
    alternateName: dataset.title,
    description: dataset.description === '' ? dataset.title : dataset.description,
    license: licenseUrl(spec.rights.license),
    url: dataset.url,
    version: '1.0.0',
    inLanguage: spec.languages,
    keywords: spec.tags,
    creator: { '@type': 'sc:Organization', name: `Tagger contributors of campaign ${dataset.campaignId}` },
    publisher: { '@type': 'sc:Organization', name: dataset.owner },
    datePublished: dataset.datePublished,
    isAccessibleForFree: false,
    isBasedOn: `tagger:campaign/${dataset.campaignId}`,
    identifier: [`tagger:batch/${dataset.batch}`, `tagger:spec/${dataset.specHash}`],
    'rai:dataCollectionType': 'Crowdsourced annotation',
    'rai:dataAnnotationPlatform': 'Tagger',
    'rai:dataAnnotationProtocol': spec.instructions,
    'rai:dataAnnotationAnalysis': `${spec.consensus.method} version ${spec.consensus.version}; mean confidence ${dataset.meanConfidence / 1_000_000}; ${dataset.records} signed records by ${dataset.contributors} workers`,
    'rai:annotationsPerItem': spec.redundancy.max,
    distribution: [
      {
        '@type': 'cr:FileObject',
        '@id': 'content',
        name: content.name,
        description:
          'Results with their items, one JSON object per line. Delivered encrypted to license holders.',
        contentUrl: content.url,
        contentSize: `${content.bytes} B`,
        encodingFormat: content.encodingFormat,
        sha256: content.sha256.slice(2),
      },
    ],
    recordSet: [
      {
        '@type': 'cr:RecordSet',
        '@id': 'labels',
        name: 'labels',
        dataType: 'sc:Enumeration',
        ...enumeration(dataset.labels),
      },
      {
        '@type': 'cr:RecordSet',
        '@id': 'results',
        name: 'results',
        description: `${dataset.items} items with the answer the network holds for each.`,
        key: { '@id': 'results/item' },
        field: [
          ...FIELDS.map(([name, dataType, description]) => field(name, dataType, description, `$.${name}`)),
          ...dataset.dataKeys.map((key) =>
            field(`data/${key}`, 'sc:Text', `Item data "${key}".`, `$.data['${key}']`),
          ),
        ],
      },
    ],
  }
}

function field(name: string, dataType: string, description: string, jsonPath: string) {
  const references = name === 'label' ? { references: { field: { '@id': 'labels/name' } } } : {}
  return {
    '@type': 'cr:Field',
    '@id': `results/${identifierOf(name)}`,
    name: `results/${identifierOf(name)}`,
    description,
    dataType,
    source: { fileObject: { '@id': 'content' }, extract: { jsonPath } },
    ...references,
  }
}

function enumeration(labels: readonly string[]) {
  return {
    key: { '@id': 'labels/name' },
    field: [{ '@type': 'cr:Field', '@id': 'labels/name', name: 'labels/name', dataType: 'sc:Text' }],
    data: labels.map((label) => ({ 'labels/name': label })),
  }
}

/** Croissant names and ids allow no spaces. */
function identifierOf(title: string): string {
  const name = title
    .toLowerCase()
    .replace(/[^\p{L}\p{N}/_-]+/gu, '-')
    .replace(/^-+|-+$/g, '')
  return name === '' ? 'dataset' : name
}

/** SPDX page of a license id; anything that is no id is passed on as it is. */
function licenseUrl(license: string): string {
  return /^[A-Za-z0-9.+-]+$/.test(license) ? `https://spdx.org/licenses/${license}.html` : license
}

const CONTEXT = {
  '@language': 'en',
  '@vocab': 'https://schema.org/',
  citeAs: 'cr:citeAs',
  column: 'cr:column',
  conformsTo: 'dct:conformsTo',
  containedIn: 'cr:containedIn',
  cr: 'http://mlcommons.org/croissant/',
  data: { '@id': 'cr:data', '@type': '@json' },
  dataType: { '@id': 'cr:dataType', '@type': '@vocab' },
  dct: 'http://purl.org/dc/terms/',
  equivalentProperty: 'cr:equivalentProperty',
  examples: { '@id': 'cr:examples', '@type': '@json' },
  extract: 'cr:extract',
  field: 'cr:field',
  fileObject: 'cr:fileObject',
  fileProperty: 'cr:fileProperty',
  fileSet: 'cr:fileSet',
  format: 'cr:format',
  includes: 'cr:includes',
  isLiveDataset: 'cr:isLiveDataset',
  jsonPath: 'cr:jsonPath',
  key: 'cr:key',
  md5: 'cr:md5',
  parentField: 'cr:parentField',
  path: 'cr:path',
  rai: 'http://mlcommons.org/croissant/RAI/',
  recordSet: 'cr:recordSet',
  references: 'cr:references',
  regex: 'cr:regex',
  repeated: 'cr:repeated',
  replace: 'cr:replace',
  sc: 'https://schema.org/',
  separator: 'cr:separator',
  source: 'cr:source',
  subField: 'cr:subField',
  transform: 'cr:transform',
}
