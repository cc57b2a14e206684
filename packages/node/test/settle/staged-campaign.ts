import { generateKeyPairSync, type KeyObject, randomBytes, sign } from 'node:crypto'
import {
  type Address,
  answerOf,
  campaignIdOf,
  commitGold,
  type Delegation,
  emptyHead,
  encodeRecord,
  encodeSpec,
  extendChain,
  type Head,
  type Hex,
  headMessage,
  itemsRootOf,
  normalizeLowS,
  parseSpec,
  receiptDigest,
  type Spec,
  sessionKeyDigest,
  specHashOf,
  type Terms,
  toHex,
  type WorkRecord,
  ZERO32,
} from '@tagger/protocol'
import { privateKeyToAccount } from 'viem/accounts'
import { type SealedItem, sealItem } from '../../src/collect/seal.ts'
import { json, sql } from '../../src/db/sql.ts'
import { deploymentOf, type Node } from '../../src/node.ts'
import { randomAccount } from '../harness.ts'

const CONFIG = `<View><Text name="text" value="$text"/>
  <Choices name="label" toName="text"><Choice value="no"/><Choice value="yes"/></Choices></View>`

/** How a staged campaign differs from the usual one. */
export interface StageOptions {
  items: number
  /** Known answers by item number. */
  gold?: Record<number, string>
  spec?: Partial<Spec>
  terms?: Partial<Terms>
}

/** A campaign in the ledger with real keys, signatures and chains, without the rooms before settlement. */
export class StagedCampaign {
  node: Node
  readonly draftId: string = crypto.randomUUID()
  readonly spec: Spec
  readonly terms: Terms
  readonly id: Hex
  readonly items: Hex[]
  readonly sealed: SealedItem[]
  readonly gold: { item: Hex; label: string; salt: Hex }[]
  readonly requester = randomAccount()
  readonly workers: StagedWorker[] = []

  constructor(node: Node, options: StageOptions) {
    this.node = node
    this.sealed = Array.from({ length: options.items }, (_, i) =>
      sealItem(node, new TextEncoder().encode(JSON.stringify({ text: `text ${i}` }))),
    )
    this.items = this.sealed.map(({ id }) => id)
    this.gold = Object.entries(options.gold ?? {}).map(([i, label]) => ({
      item: this.items[Number(i)]!,
      label,
      salt: randomHex(32),
    }))
    this.spec = parseSpec({
      v: 1,
      kind: 'annotate',
      modality: 'text',
      title: 'Same product?',
      instructions: '',
      languages: ['en'],
      tags: [],
      labelingConfig: CONFIG,
      items: { root: itemsRootOf(this.items), count: this.items.length },
      intake: null,
      redundancy: { min: 3, max: 3, targetConfidence: 900_000 },
      gold: this.gold.length > 0 ? { root: commitGold(this.gold).root, count: this.gold.length } : null,
      review: { reviews: 0 },
      eligibility: { accounts: [], reviewers: [] },
      reward: {
        difficulty: { min: 1_000_000, max: 1_500_000 },
        qualityCurve: [
          [300_000, 0],
          [900_000, 1_000_000],
        ],
        reviewShare: 500_000,
      },
      consensus: { method: 'dawid-skene', version: 1 },
      batch: { periodSeconds: 1, minItems: 1, maxItems: 1000 },
      rights: { license: 'CC-BY-4.0', uses: ['train'] },
      visibility: 'public',
      privacy: { controller: '', processor: '' },
      ...options.spec,
    })
    this.terms = {
      requester: this.requester.account,
      operator: node.keys.operator,
      receiptKey: node.keys.receiptKey,
      token: node.chain.contracts.testUsd!,
      specHash: specHashOf(this.spec),
      basePay: 100_000n,
      floorPay: 10_000n,
      operatorFeeBps: 250,
      protocolFeeBps: 250,
      contributorsBps: 2000,
      deadline: Math.floor(node.now().getTime() / 1000) + 86_400,
      grace: 3600,
      challengeWindow: 10,
      nonce: BigInt(randomHex(8)),
      ...options.terms,
    }
    this.id = campaignIdOf(this.terms, deploymentOf(node))
  }

  /** Writes draft, acceptance and items, as if uploaded and accepted. */
  async accept(): Promise<void> {
    const { db } = this.node
    const { requester } = this.terms
    await db.query(
      sql`insert into drafts (id, account, spec) values (${this.draftId}, ${requester}, ${json(this.spec)})`,
    )
    await db.query(sql`
      insert into acceptances (campaign_id, draft_id, spec_hash, spec, terms, signature)
      values (${this.id}, ${this.draftId}, ${this.terms.specHash}, ${encodeSpec(this.spec)}, ${json(this.terms)}, '0x')`)
    const gold = new Map(this.gold.map((entry) => [entry.item, entry]))
    await db.query(sql`
      insert into items (draft_id, id, position, media_type, bytes, name, content_hmac, sealed, wrapped_key, gold_label,
        gold_salt)
      select ${this.draftId}, id, position, 'application/json', 10, 'row', id, sealed, key, label, salt from unnest(
        ${this.items}::text[], ${this.items.map((_, i) => i)}::int[],
        ${this.sealed.map(({ sealed }) => sealed)}::bytea[], ${this.sealed.map(({ wrappedKey }) => wrappedKey)}::bytea[],
        ${this.items.map((item) => gold.get(item)?.label ?? null)}::text[],
        ${this.items.map((item) => gold.get(item)?.salt ?? null)}::text[]) as row (id, position, sealed, key, label, salt)`)
  }

  /** Writes the campaign itself, as the indexer does when it is opened on chain. */
  async openInLedger(funded = 1_000_000_000n): Promise<void> {
    await this.node.db.query(sql`
      insert into campaigns (id, draft_id, kind, requester, terms, spec_hash, spec, title, status, funded, opened_at,
        open_transaction)
      values (${this.id}, ${this.draftId}, ${this.spec.kind}, ${this.terms.requester}, ${json(this.terms)},
        ${this.terms.specHash}, ${encodeSpec(this.spec)}, ${this.spec.title}, 'open', ${funded},
        ${Math.floor(this.node.now().getTime() / 1000)}, ${ZERO32})`)
  }

  /** The same campaign seen through the node after a restart. */
  movedTo(node: Node): this {
    this.node = node
    return this
  }

  async newWorker(): Promise<StagedWorker> {
    const worker = new StagedWorker(this)
    await worker.delegate()
    this.workers.push(worker)
    return worker
  }

  /** Three workers, right most of the time, answer these items; they become ready. */
  async answer(items: readonly Hex[]): Promise<void> {
    while (this.workers.length < 3) await this.newWorker()
    for (const [w, worker] of this.workers.slice(0, 3).entries()) {
      const answers = items.map((item) => {
        const i = this.items.indexOf(item)
        const isWrong = (i * 7 + w * 3) % (w === 2 ? 3 : 11) === 0
        return { item, label: (i % 2 === 0) === isWrong ? 'yes' : 'no' }
      })
      await worker.annotate(answers)
    }
    await this.setStatus(items, 'ready')
  }

  async setStatus(items: readonly Hex[], status: string): Promise<void> {
    await this.node.db.query(
      sql`update items set status = ${status} where draft_id = ${this.draftId} and id = any(${items}::text[])`,
    )
  }

  async statusOf(item: Hex): Promise<string> {
    const [row] = await this.node.db.query<{ status: string }>(
      sql`select status from items where draft_id = ${this.draftId} and id = ${item}`,
    )
    return row!.status
  }
}

/** A worker with wallet, session key and chain. */
export class StagedWorker {
  readonly campaign: StagedCampaign
  readonly account: Address
  readonly publicKey: Hex
  head: Head
  readonly #wallet: Hex
  readonly #session: KeyObject
  readonly #answered = new Map<Hex, number>()

  constructor(campaign: StagedCampaign) {
    this.campaign = campaign
    const { privateKey, account } = randomAccount()
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const jwk = pair.publicKey.export({ format: 'jwk' })
    const point = Buffer.concat([
      Buffer.from([4]),
      Buffer.from(jwk.x!, 'base64url'),
      Buffer.from(jwk.y!, 'base64url'),
    ])
    this.account = account
    this.publicKey = toHex(point)
    this.head = emptyHead(campaign.id, account)
    this.#wallet = privateKey
    this.#session = pair.privateKey
  }

  async delegate(): Promise<void> {
    const { node } = this.campaign
    const key = {
      account: this.account,
      publicKey: this.publicKey,
      scope: ZERO32,
      notBefore: 0,
      notAfter: 2 ** 33,
      nonce: 1n,
    }
    const digest = toHex(sessionKeyDigest(key, deploymentOf(node)))
    const signature = await privateKeyToAccount(this.#wallet).sign({ hash: digest })
    const delegation: Delegation = { ...key, signature }
    await node.db.query(sql`
      insert into session_keys (account, public_key, scope, not_before, not_after, nonce, signature)
      values (${delegation.account}, ${delegation.publicKey}, ${delegation.scope}, ${delegation.notBefore},
        ${delegation.notAfter}, ${delegation.nonce}, ${delegation.signature})`)
  }

  /** Answers in one chunk, receipted at once; an item answered before is revised. */
  async annotate(answers: readonly { item: Hex; label: string }[]): Promise<void> {
    const { campaign } = this
    let { count, link } = this.head
    const chained = answers.map(({ item, label }) => {
      const record: WorkRecord = {
        v: 1,
        campaign: campaign.id,
        account: this.account,
        seq: count + 1,
        prev: link,
        salt: randomHex(16),
        task: 'staged',
        item,
        revises: this.#answered.get(item) ?? null,
        assist: null,
        startedAt: 100,
        endedAt: 110,
        kind: 'annotation',
        body: { answer: answerOf(campaign.spec, label) },
      }
      const [next] = extendChain(campaign.id, this.account, { count, link }, [encodeRecord(record)])
      count += 1
      link = next!.link
      if (record.revises === null) this.#answered.set(item, record.seq)
      return { ...next!, label }
    })
    this.head = { count, link }
    await this.#insert(chained)
    await this.#receipt()
  }

  async #insert(chained: (ReturnType<typeof extendChain>[number] & { label: string })[]): Promise<void> {
    const { node, id } = this.campaign
    await node.db.query(sql`
      insert into records (campaign_id, account, seq, kind, item, label, payload, payload_hash, link, revises,
        received_at, seconds)
      select ${id}, ${this.account}, seq, 'annotation', item, label, payload, payload_hash, link, revises, ${node.now()}, 10
      from unnest(${chained.map((c) => c.record.seq)}::int[], ${chained.map((c) => c.record.item)}::text[],
        ${chained.map((c) => c.label)}::text[], ${chained.map((c) => c.payload)}::bytea[],
        ${chained.map((c) => c.payloadHash)}::text[], ${chained.map((c) => c.link)}::text[],
        ${chained.map((c) => c.record.revises)}::int[]) as row (seq, item, label, payload, payload_hash, link, revises)`)
  }

  async #receipt(): Promise<void> {
    const { node, id, terms } = this.campaign
    const message = headMessage(id, this.head)
    const raw = sign('sha256', message, { key: this.#session, dsaEncoding: 'ieee-p1363' })
    const receipt = {
      campaignId: id,
      account: this.account,
      ...this.head,
      owedAtLeast: terms.floorPay * BigInt(this.#answered.size),
      issuedAt: Math.floor(node.now().getTime() / 1000),
    }
    const signature = node.keys.signReceipt(receiptDigest(receipt, deploymentOf(node)))
    await node.db.query(sql`
      insert into receipts (campaign_id, account, count, link, public_key, head_signature, owed_at_least, issued_at,
        signature)
      values (${id}, ${this.account}, ${receipt.count}, ${receipt.link}, ${this.publicKey},
        ${toHex(normalizeLowS(new Uint8Array(raw)))}, ${receipt.owedAtLeast}, ${receipt.issuedAt}, ${signature})`)
  }
}

function randomHex(bytes: number): Hex {
  return toHex(new Uint8Array(randomBytes(bytes)))
}
