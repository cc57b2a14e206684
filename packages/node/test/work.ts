import { createPrivateKey, generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import {
  type Address,
  type Answer,
  campaignIdOf,
  encodeRecord,
  encodeSpec,
  extendChain,
  type Head,
  type Hex,
  headMessage,
  MILLION,
  normalizeLowS,
  offchainDomain,
  parseSpec,
  type SignedHead,
  type Spec,
  sessionKeyTypes,
  specHashOf,
  type Terms,
  toHex,
  type WorkRecord,
  ZERO32,
} from '@tagger/protocol'
import { endpoints, type ResponseOf } from '@tagger/protocol/wire'
import { privateKeyToAccount } from 'viem/accounts'
import { sealItem } from '../src/collect/seal.ts'
import { newId } from '../src/db/id.ts'
import { json, sql } from '../src/db/sql.ts'
import { deploymentOf } from '../src/node.ts'
import { randomAccount, type TestNode } from './harness.ts'

export type Assignment = ResponseOf<(typeof endpoints)['createAssignments']>['data'][number]

/** A campaign as if its events had been indexed. */
export interface TestCampaign {
  id: Hex
  draftId: string
  spec: Spec
  terms: Terms
  items: Hex[]
}

const LABELS = ['yes', 'no'] as const
const CONFIG = `<View><Text name="t" value="$text"/><Choices name="same" toName="t">${LABELS.map(
  (label) => `<Choice value="${label}"/>`,
).join('')}</Choices></View>`

/** Puts a funded campaign with items into the database. */
export async function openCampaign(
  { node }: TestNode,
  options: {
    items?: number
    spec?: Partial<Spec>
    terms?: Partial<Terms>
    funded?: bigint
    /** Known answers by position. */
    gold?: readonly string[]
  } = {},
): Promise<TestCampaign> {
  const now = node.now()
  const texts = Array.from({ length: options.items ?? 3 }, (_, i) =>
    new TextEncoder().encode(`Item ${i + 1}`),
  )
  const sealed = texts.map((text) => sealItem(node, text))
  const items = sealed.map((item) => item.id)
  const isCollect = options.spec?.kind === 'collect'
  const spec = parseSpec({
    v: 1,
    kind: 'annotate',
    modality: 'text',
    title: 'Same product?',
    instructions: 'Compare both.',
    languages: ['en'],
    tags: [],
    labelingConfig: isCollect ? '' : CONFIG,
    items: isCollect ? null : { root: ZERO32, count: Math.max(1, items.length) },
    intake: isCollect
      ? { mediaTypes: ['text/plain'], maxBytes: 1000, maxItems: 100, maxPerContributor: 50 }
      : null,
    redundancy: { min: 2, max: 2, targetConfidence: 900_000 },
    gold: null,
    review: { reviews: isCollect ? 1 : 0 },
    eligibility: { accounts: [], reviewers: [] },
    reward: {
      difficulty: { min: MILLION, max: 2 * MILLION },
      qualityCurve: [
        [0, 0],
        [MILLION, MILLION],
      ],
      reviewShare: MILLION / 2,
    },
    consensus: { method: 'majority', version: 1 },
    batch: { periodSeconds: 1, minItems: 1, maxItems: 1000 },
    rights: { license: 'CC-BY-4.0', uses: [] },
    visibility: 'public',
    privacy: { controller: '', processor: '' },
    ...options.spec,
  })
  const terms: Terms = {
    requester: randomAccount().account,
    operator: node.keys.operator,
    receiptKey: node.keys.receiptKey,
    token: node.chain.contracts.testUsd!,
    specHash: specHashOf(spec),
    basePay: 50_000n,
    floorPay: 10_000n,
    operatorFeeBps: 250,
    protocolFeeBps: 250,
    contributorsBps: 3000,
    deadline: Math.floor(now.getTime() / 1000) + 86_400,
    grace: 3600,
    challengeWindow: 10,
    nonce: BigInt(toHex(randomBytes(8))),
    ...options.terms,
  }
  const id = campaignIdOf(terms, deploymentOf(node))
  const draftId = newId(now)
  const termsJson = {
    ...terms,
    basePay: `${terms.basePay}`,
    floorPay: `${terms.floorPay}`,
    nonce: `${terms.nonce}`,
  }
  await node.db.query(
    sql`insert into drafts (id, account, spec) values (${draftId}, ${terms.requester}, ${json(spec)})`,
  )
  await node.db.query(sql`
    insert into campaigns (id, draft_id, kind, requester, terms, spec_hash, spec, title, status, funded, opened_at,
      open_transaction)
    values (${id}, ${draftId}, ${spec.kind}, ${terms.requester}, ${json(termsJson)}, ${terms.specHash},
      ${encodeSpec(spec)}, ${spec.title}, 'open', ${options.funded ?? 10n ** 18n}, ${terms.deadline - 86_400}, ${ZERO32})`)
  await node.db.query(sql`
    insert into items (draft_id, id, position, media_type, bytes, name, sealed, wrapped_key, content_hmac, gold_label,
      gold_salt)
    select ${draftId}, id, place, 'text/plain', bytes, '', sealed, key, id, gold, ${ZERO32}
    from unnest(${items}::text[], ${texts.map((text) => text.length)}::int[],
      ${sealed.map((item) => item.sealed)}::bytea[], ${sealed.map((item) => item.wrappedKey)}::bytea[],
      ${items.map((_, i) => options.gold?.[i] ?? null)}::text[])
      with ordinality as given (id, bytes, sealed, key, gold, place)`)
  return { id, draftId, spec, terms, items }
}

/** Fields of a record a test chooses; the rest is what an honest client writes. */
export type RecordDraft = Partial<Pick<WorkRecord, 'item' | 'task' | 'revises' | 'kind'>> & {
  body: WorkRecord['body']
}

export interface SignedChunk {
  payloads: string[]
  head: SignedHead
}

/** A worker with a wallet, a login and a delegated key, who keeps a chain of their own. */
export interface TestWorker {
  account: Address
  token: string
  publicKey: Hex
  key: KeyObject
  head: Head
  lease(options?: { count?: number; kind?: 'annotation' | 'review'; items?: Hex[] }): Promise<{
    data: Assignment[]
    shortfall: string
  }>
  /** Builds and signs records on the worker's head without sending them; moves the head. */
  build(drafts: readonly RecordDraft[]): SignedChunk
  send(chunk: SignedChunk): Promise<ResponseOf<(typeof endpoints)['appendRecords']>['receipt']>
  /** Answers annotations, all in one chunk. */
  answer(
    assignments: readonly Assignment[],
    label?: string | ((index: number) => string),
  ): Promise<ResponseOf<(typeof endpoints)['appendRecords']>['receipt']>
}

/** Logs a new worker in and registers a session key through the API. */
export async function createWorker(
  test: TestNode,
  campaign: TestCampaign,
  options: { notAfter?: number; scope?: Hex; account?: { privateKey: Hex; account: Address } } = {},
): Promise<TestWorker> {
  const { node } = test
  const { privateKey, account } = options.account ?? randomAccount()
  const token = await test.tokenOf(account)
  const { publicKey, key } = createSigner()
  const at = Math.floor(node.now().getTime() / 1000)
  const delegation = {
    account,
    publicKey,
    scope: options.scope ?? ZERO32,
    notBefore: at - 60,
    notAfter: options.notAfter ?? at + 86_400,
    nonce: 1n,
  }
  const signature = await privateKeyToAccount(privateKey).signTypedData({
    domain: offchainDomain(deploymentOf(node)),
    types: sessionKeyTypes,
    primaryType: 'SessionKey',
    message: {
      ...delegation,
      notBefore: BigInt(delegation.notBefore),
      notAfter: BigInt(delegation.notAfter),
    },
  })
  await test.call(endpoints.createSessionKey, { token, body: { ...delegation, nonce: '1', signature } })
  const { head } = await test.call(endpoints.getChain, { token, params: { id: campaign.id } })
  const question = 'same'

  const worker: TestWorker = {
    account,
    token,
    publicKey,
    key,
    head,
    lease: (body = {}) =>
      test.call(endpoints.createAssignments, { token, params: { id: campaign.id }, body }),
    build(drafts) {
      const payloads = drafts.map((draft) => {
        const record = {
          v: 1,
          campaign: campaign.id,
          account,
          seq: worker.head.count + 1,
          prev: worker.head.link,
          salt: toHex(randomBytes(16)),
          kind: 'annotation',
          task: '',
          item: ZERO32,
          revises: null,
          assist: null,
          startedAt: at,
          endedAt: at + 5,
          ...draft,
        } as WorkRecord
        const payload = encodeRecord(record)
        const [added] = extendChain(campaign.id, account, worker.head, [payload], node.crypto)
        worker.head = { count: record.seq, link: added!.link }
        return Buffer.from(payload).toString('base64')
      })
      return { payloads, head: signHead(campaign.id, worker.head, worker) }
    },
    async send({ payloads, head }) {
      const body = { payloads, head }
      return (await test.call(endpoints.appendRecords, { token, params: { id: campaign.id }, body })).receipt
    },
    answer: (assignments, label = 'yes') =>
      worker.send(
        worker.build(
          assignments.map(({ id, item }, index) => {
            const answer: Answer = { [question]: [typeof label === 'string' ? label : label(index)] }
            return { task: id, item, body: { answer } }
          }),
        ),
      ),
  }
  return worker
}

/** A P-256 key pair as a browser makes one. */
export function createSigner(): { publicKey: Hex; key: KeyObject } {
  const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { x, y } = pair.publicKey.export({ format: 'jwk' })
  const point = Buffer.concat([Buffer.from([4]), Buffer.from(x!, 'base64url'), Buffer.from(y!, 'base64url')])
  return {
    publicKey: toHex(point),
    key: createPrivateKey(pair.privateKey.export({ type: 'pkcs8', format: 'pem' })),
  }
}

/** Signs a head as a client does, low-s. */
export function signHead(
  campaignId: Hex,
  head: Head,
  signer: { publicKey: Hex; key: KeyObject },
): SignedHead {
  const signature = sign('sha256', headMessage(campaignId, head), {
    key: signer.key,
    dsaEncoding: 'ieee-p1363',
  })
  return { ...head, publicKey: signer.publicKey, signature: toHex(normalizeLowS(new Uint8Array(signature))) }
}
