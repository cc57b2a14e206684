import { p256 } from '@noble/curves/nist.js'
import { secp256k1 } from '@noble/curves/secp256k1.js'
import { utf8ToBytes } from '../src/bytes/concat.ts'
import { addressOfPublicKey, pureCrypto } from '../src/bytes/crypto.ts'
import { type Address, type Hex, toHex, ZERO32 } from '../src/bytes/hex.ts'
import { countingRecords, NO_VOTES, votesOf } from '../src/consensus/votes.ts'
import { answerOf, labelsOf } from '../src/labeling/labels.ts'
import {
  emptyHead,
  extendChain,
  type Head,
  headMessage,
  normalizeLowS,
  type SignedHead,
} from '../src/records/chain.ts'
import { receiptDigest, type SignedReceipt } from '../src/records/receipt.ts'
import { type Delegation, sessionKeyDigest } from '../src/records/session-key.ts'
import { encodeRecord, type WorkRecord } from '../src/records/work-record.ts'
import { type CutBatch, cutBatch, type WorkerSegment } from '../src/settlement/cut.ts'
import { emptyState, type State } from '../src/settlement/state.ts'
import { commitGold, itemsRootOf } from '../src/spec/items.ts'
import { parseSpec, type Spec, specHashOf } from '../src/spec/spec.ts'
import { campaignIdOf, type Deployment, type Terms } from '../src/spec/terms.ts'

const CONFIG = `<View><Text name="text" value="$text"/>
  <Choices name="label" toName="text"><Choice value="no"/><Choice value="yes"/></Choices></View>`

export const deployment: Deployment = { chainId: 31337, campaigns: `0x${'c0'.repeat(20)}` }

/** A valid spec; pass what a test cares about. */
export function specWith(changes: Partial<Spec> = {}): Spec {
  return parseSpec({
    v: 1,
    kind: 'annotate',
    modality: 'text',
    title: 'Same product?',
    instructions: 'Say whether both texts name the same product.',
    languages: ['en'],
    tags: [],
    labelingConfig: CONFIG,
    items: { root: ZERO32, count: 1 },
    intake: null,
    redundancy: { min: 3, max: 3, targetConfidence: 900_000 },
    gold: null,
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
    ...changes,
  })
}

/** Deterministic bytes for tests: SHA-256 of a name. */
export function named(name: string): Uint8Array {
  return pureCrypto.sha256(utf8ToBytes(name))
}

export function signEthereum(digest: Uint8Array, secret: Uint8Array): Hex {
  const signature = secp256k1.sign(digest, secret, { prehash: false, format: 'recovered' })
  return toHex(new Uint8Array([...signature.subarray(1), 27 + signature[0]!]))
}

export function addressOf(secret: Uint8Array): Address {
  return addressOfPublicKey(secp256k1.getPublicKey(secret, false), pureCrypto)
}

/** A worker with wallet, session key and chain. */
export class SimulatedWorker {
  readonly account: Address
  readonly delegation: Delegation
  head: Head
  owed = 0n
  payloads: Uint8Array[] = []
  readonly #wallet: Uint8Array
  readonly #session: Uint8Array
  readonly #campaignId: Hex

  constructor(name: string, campaignId: Hex) {
    this.#wallet = named(`wallet ${name}`)
    this.#session = named(`session ${name}`)
    this.#campaignId = campaignId
    this.account = addressOf(this.#wallet)
    const key = {
      account: this.account,
      publicKey: toHex(p256.getPublicKey(this.#session, false)),
      scope: ZERO32,
      notBefore: 0,
      notAfter: 10_000,
      nonce: 1n,
    }
    this.delegation = { ...key, signature: signEthereum(sessionKeyDigest(key, deployment), this.#wallet) }
    this.head = emptyHead(campaignId, this.account)
  }

  /** Appends an annotation (or a revision of an earlier one). */
  annotate(spec: Spec, item: Hex, label: string, revises: number | null = null): void {
    this.append({ kind: 'annotation', body: { answer: answerOf(spec, label) }, item, revises })
  }

  append(act: Pick<WorkRecord, 'kind' | 'item' | 'revises'> & { body: unknown }): void {
    const record = {
      v: 1,
      campaign: this.#campaignId,
      account: this.account,
      seq: this.head.count + 1,
      prev: this.head.link,
      salt: toHex(named(`${this.account} ${this.head.count}`).subarray(0, 16)),
      task: 'task',
      assist: null,
      startedAt: 100,
      endedAt: 110,
      ...act,
    } as WorkRecord
    const payload = encodeRecord(record)
    const [link] = extendChain(this.#campaignId, this.account, this.head, [payload])
    this.head = { count: record.seq, link: link!.link }
    this.payloads.push(payload)
  }

  signedHead(): SignedHead {
    const message = headMessage(this.#campaignId, this.head)
    const signature = toHex(normalizeLowS(p256.sign(message, this.#session)))
    return { ...this.head, publicKey: this.delegation.publicKey, signature }
  }
}

/** A whole campaign in memory: workers answer, batches are cut, evidence is kept. */
export class SimulatedCampaign {
  readonly spec: Spec
  readonly terms: Terms
  readonly id: Hex
  readonly items: Hex[]
  readonly workers = new Map<string, SimulatedWorker>()
  readonly batches: CutBatch[] = []
  readonly #goldLabels: ReadonlyMap<Hex, string>
  #state: State
  #settled = new Set<Hex>()
  readonly #receiptSecret = named('receipt key')

  constructor(options: {
    items: number
    gold?: Record<number, string>
    spec?: Partial<Spec>
    terms?: Partial<Terms>
  }) {
    this.items = Array.from({ length: options.items }, (_, i) => toHex(named(`item ${i}`)))
    this.#goldLabels = new Map(
      Object.entries(options.gold ?? {}).map(([i, label]) => [this.items[Number(i)]!, label]),
    )
    const gold =
      this.#goldLabels.size === 0 ? null : { root: this.#gold().root, count: this.#goldLabels.size }
    const items = { root: itemsRootOf(this.items), count: this.items.length }
    this.spec = specWith({ items, gold, ...options.spec })
    this.terms = {
      requester: addressOf(named('requester')),
      operator: addressOf(named('operator')),
      receiptKey: addressOf(this.#receiptSecret),
      token: `0x${'11'.repeat(20)}`,
      specHash: specHashOf(this.spec),
      basePay: 100_000n,
      floorPay: 10_000n,
      operatorFeeBps: 500,
      protocolFeeBps: 250,
      contributorsBps: 2000,
      deadline: 1_000_000,
      grace: 1000,
      challengeWindow: 10,
      nonce: 1n,
      ...options.terms,
    }
    this.id = campaignIdOf(this.terms, deployment)
    this.#state = emptyState(this.id)
  }

  worker(name: string): SimulatedWorker {
    let worker = this.workers.get(name)
    if (worker === undefined) {
      worker = new SimulatedWorker(name, this.id)
      this.workers.set(name, worker)
    }
    return worker
  }

  /** Three workers of a pattern that is right most of the time answer every item from `from` up to `to`. */
  answerAll(from = 0, to = this.items.length): void {
    const labels = labelsOf(this.spec)
    for (let i = from; i < to; i++) {
      const truth = labels[i % labels.length]!
      const wrong = labels[(i + 1) % labels.length]!
      for (const [w, name] of ['ann', 'bob', 'eve'].entries()) {
        const isWrong = (i * 7 + w * 3) % (w === 2 ? 3 : 11) === 0
        this.worker(name).annotate(this.spec, this.items[i]!, isWrong ? wrong : truth)
      }
    }
  }

  /** Cuts and keeps a batch of the given items (default: all unsettled). */
  cut(options: { items?: Hex[]; closing?: boolean; cutAt?: number } = {}): CutBatch {
    const items = options.items ?? this.items.filter((item) => !this.#settled.has(item))
    const { records, payloads } = this.#open()
    const gold = this.#gold()
    const batch = cutBatch({
      deployment,
      terms: this.terms,
      campaignId: this.id,
      spec: this.spec,
      state: this.#state,
      previous: this.batches.at(-1)?.hash ?? ZERO32,
      cutAt: options.cutAt ?? 1000 + this.batches.length,
      closing: options.closing ?? false,
      items,
      reveals: items
        .filter((item) => this.#goldLabels.has(item))
        .map((item) => ({ ...gold.entry(item), proof: gold.proofOf(item) })),
      workers: [...this.workers.values()].flatMap((worker) => this.#segment(worker)),
      payloads,
      settled: votesOf(
        this.spec,
        NO_VOTES,
        countingRecords(records.filter((record) => this.#settled.has(record.item))),
      ).settled,
    })
    this.batches.push(batch)
    this.#state = batch.settlement.state
    for (const item of batch.items) this.#settled.add(item)
    return batch
  }

  facts() {
    return { deployment, terms: this.terms, headers: this.batches.map(({ header }) => header) }
  }

  bundles(): Uint8Array[] {
    return this.batches.map(({ car }) => car)
  }

  #gold() {
    const entries = [...this.#goldLabels].map(([item, label]) => ({
      item,
      label,
      salt: toHex(named(`salt ${item}`)),
    }))
    return { ...commitGold(entries), entry: (item: Hex) => entries.find((entry) => entry.item === item)! }
  }

  #open() {
    const all = [...this.workers.values()].flatMap((worker) => {
      const start = emptyHead(this.id, worker.account)
      return extendChain(this.id, worker.account, start, worker.payloads)
    })
    const unsettled = all.filter(({ record }) => !this.#settled.has(record.item))
    return { records: all.map(({ record }) => record), payloads: unsettled.map(({ payload }) => payload) }
  }

  #segment(worker: SimulatedWorker): WorkerSegment[] {
    const before = this.#state.chains.find(({ account }) => account === worker.account)
    const from = before ?? emptyHead(this.id, worker.account)
    if (worker.head.count === from.count) return []
    const chain = extendChain(this.id, worker.account, emptyHead(this.id, worker.account), worker.payloads)
    const fresh = chain.slice(from.count)
    const distinct = new Set(chain.map(({ record }) => `${record.item}/${record.kind}`)).size
    const receipt = {
      campaignId: this.id,
      account: worker.account,
      link: worker.head.link,
      count: worker.head.count,
      owedAtLeast: this.terms.floorPay * BigInt(distinct),
      issuedAt: 900,
    }
    const signed: SignedReceipt = {
      ...receipt,
      signature: signEthereum(receiptDigest(receipt, deployment), this.#receiptSecret),
    }
    return [
      {
        account: worker.account,
        delegation: worker.delegation,
        from: { count: from.count, link: from.link },
        payloadHashes: fresh.map(({ payloadHash }) => payloadHash),
        links: fresh.map(({ link }) => link),
        head: worker.signedHead(),
        receipt: signed,
      },
    ]
  }
}
