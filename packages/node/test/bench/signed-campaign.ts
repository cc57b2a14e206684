/**
 * Makes the evidence of a whole campaign with keys of its own: items answered by five of its workers each, settled in
 * batches, written as `<out>/<batch>.car` and `<out>/facts.json` (bigints as decimal strings).
 * `node packages/node/test/bench/signed-campaign.ts --records 10000 --workers 30 --batches 1 --out folder [--method auto]`
 */
import { createHash, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import {
  type Address,
  addressOfPublicKey,
  answerOf,
  type BatchHeader,
  campaignIdOf,
  commitGold,
  cutBatch,
  type Delegation,
  type Deployment,
  emptyHead,
  encodeRecord,
  type Head,
  type Hex,
  headMessage,
  itemsRootOf,
  labelsOf,
  nextLink,
  normalizeLowS,
  parseSpec,
  payloadHashOf,
  receiptDigest,
  sessionKeyDigest,
  specHashOf,
  type Terms,
  toHex,
  type Verified,
  verifyCampaign,
  type WorkerSegment,
  ZERO32,
} from '@tagger/protocol'
import secp256k1 from 'secp256k1'
import { nativeCrypto } from '../../src/store/crypto.ts'

const ANSWERS_PER_ITEM = 5
/** One item in so many has a known answer. */
const GOLD_EVERY = 100

const { values } = parseArgs({
  options: {
    records: { type: 'string' },
    workers: { type: 'string' },
    batches: { type: 'string' },
    method: { type: 'string', default: 'auto' },
    out: { type: 'string' },
  },
})
const [records, workers, batches] = [values.records, values.workers, values.batches].map(Number) as [
  number,
  number,
  number,
]

mkdirSync(values.out!, { recursive: true })

const named = (name: string): Uint8Array => createHash('sha256').update(name).digest()
const deployment: Deployment = { chainId: 31337, campaigns: `0x${'c0'.repeat(20)}` }
const receiptSecret = named('receipt key')
const items = Array.from({ length: records / ANSWERS_PER_ITEM }, (_, i) => toHex(named(`item ${i}`)))
const labels = ['entailment', 'neutral', 'contradiction']
const truthOf = (index: number) => named(`truth ${index}`)[0]! % labels.length
const golds = items.flatMap((item, index) =>
  index % GOLD_EVERY === 0
    ? [{ item, label: labels[truthOf(index)]!, salt: toHex(named(`salt ${index}`)) }]
    : [],
)
const gold = commitGold(golds, nativeCrypto)
const goldOf = new Map(golds.map((entry) => [entry.item, entry]))
const spec = parseSpec({
  v: 1,
  kind: 'annotate',
  modality: 'text',
  title: 'Does the second text follow from the first?',
  instructions: 'Read both texts and choose.',
  languages: ['en'],
  tags: [],
  labelingConfig: `<View><Text name="text" value="$text"/><Choices name="label" toName="text">
    ${labels.map((label) => `<Choice value="${label}"/>`).join('')}</Choices></View>`,
  items: { root: itemsRootOf(items, nativeCrypto), count: items.length },
  intake: null,
  redundancy: { min: ANSWERS_PER_ITEM, max: ANSWERS_PER_ITEM, targetConfidence: 950_000 },
  gold: { root: gold.root, count: golds.length },
  review: { reviews: 0 },
  eligibility: { accounts: [], reviewers: [] },
  reward: {
    version: 2,
    difficulty: { min: 1_000_000, max: 1_500_000 },
    qualityCurve: [
      [300_000, 0],
      [900_000, 1_000_000],
    ],
    reviewShare: 500_000,
  },
  consensus: { method: values.method, version: 1 },
  batch: { periodSeconds: 1, minItems: 1, maxItems: items.length },
  rights: { license: 'CC-BY-4.0', uses: ['train'] },
  visibility: 'public',
  privacy: { controller: '', processor: '' },
})
const terms: Terms = {
  requester: addressOf(named('requester')),
  operator: addressOf(named('operator')),
  receiptKey: addressOf(receiptSecret),
  token: `0x${'11'.repeat(20)}`,
  specHash: specHashOf(spec),
  basePay: 100_000n,
  floorPay: 10_000n,
  operatorFeeBps: 500,
  protocolFeeBps: 250,
  contributorsBps: 2000,
  deadline: 1_000_000,
  grace: 1000,
  challengeWindow: 10,
  nonce: 1n,
}
const campaignId = campaignIdOf(terms, deployment, nativeCrypto)

interface Annotator {
  account: Address
  delegation: Delegation
  session: KeyObject
  /** In a thousand. */
  skill: number
  reached: Head
  head: Head
  payloadHashes: Hex[]
  links: Hex[]
}

const crowd = Array.from({ length: workers }, (_, index): Annotator => {
  const wallet = named(`wallet ${index}`)
  const account = addressOf(wallet)
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const point = publicKey.export({ format: 'der', type: 'spki' }).subarray(-65)
  const key = {
    account,
    publicKey: toHex(point),
    scope: ZERO32,
    notBefore: 0,
    notAfter: 1_000_000,
    nonce: 1n,
  }
  const head = emptyHead(campaignId, account, nativeCrypto)
  return {
    account,
    delegation: { ...key, signature: signAs(wallet, sessionKeyDigest(key, deployment, nativeCrypto)) },
    session: privateKey,
    skill: 600 + 13 * (index % 30),
    reached: head,
    head,
    payloadHashes: [],
    links: [],
  }
})

let verified = await verifiedAfter([], [])
let previous: Hex = ZERO32
const headers: BatchHeader[] = []
const perBatch = items.length / batches
for (let batch = 0; batch < batches; batch++) {
  const first = batch * perBatch
  const chosen = items.slice(first, first + perBatch)
  const payloads = chosen.flatMap((item, i) => answersTo(item, first + i))
  const { car, header, hash } = cutBatch(
    {
      deployment,
      terms,
      campaignId,
      spec,
      state: verified.state,
      previous,
      cutAt: 1000 + batch,
      closing: batch === batches - 1,
      items: chosen,
      reveals: chosen
        .filter((item) => goldOf.has(item))
        .map((item) => ({ ...goldOf.get(item)!, proof: gold.proofOf(item) })),
      workers: crowd.flatMap((worker) => (worker.links.length === 0 ? [] : [segmentOf(worker)])),
      payloads,
      settled: verified.settled,
    },
    nativeCrypto,
  )
  headers.push(header)
  previous = hash
  writeFileSync(join(values.out!, `${batch}.car`), car)
  if (batch < batches - 1) verified = await verifiedAfter([car], headers, verified)
  process.stderr.write(`${first + perBatch} of ${items.length} items settled\n`)
}
writeFileSync(
  join(values.out!, 'facts.json'),
  JSON.stringify({ deployment, terms, headers }, (_, value) =>
    typeof value === 'bigint' ? value.toString() : value,
  ),
)

/** Payloads of five answers, each appended to its worker's chain. */
function answersTo(item: Hex, index: number): Uint8Array[] {
  const truth = truthOf(index)
  const random = named(`answers ${index}`)
  const start = random[0]! * 256 + random[1]!
  return Array.from({ length: ANSWERS_PER_ITEM }, (_, i) => {
    const worker = crowd[(start + i * 7) % crowd.length]!
    const dice = ((random[2 + 2 * i]! * 256 + random[3 + 2 * i]!) * 1000) / 65_536
    const label = dice < worker.skill ? truth : (truth + 1 + (random[20 + i]! & 1)) % labels.length
    const { count, link } = worker.head
    const payload = encodeRecord({
      v: 1,
      campaign: campaignId,
      account: worker.account,
      seq: count + 1,
      prev: link,
      salt: toHex(named(`salt ${worker.account} ${count}`).subarray(0, 16)),
      task: `${index}-${i}`,
      item,
      revises: null,
      assist: null,
      startedAt: 100 + count,
      endedAt: 110 + count,
      kind: 'annotation',
      body: { answer: answerOf(spec, labelsOf(spec)[label]!) },
    })
    const payloadHash = payloadHashOf(payload, nativeCrypto)
    worker.head = { count: count + 1, link: nextLink(link, payloadHash, nativeCrypto) }
    worker.payloadHashes.push(payloadHash)
    worker.links.push(worker.head.link)
    return payload
  })
}

/** What a worker did since the last batch, signed and receipted. */
function segmentOf(worker: Annotator): WorkerSegment {
  const { account, delegation, session, reached, head, payloadHashes, links } = worker
  Object.assign(worker, { reached: head, payloadHashes: [], links: [] })
  const message = headMessage(campaignId, head)
  const es256 = sign('sha256', message, { key: session, dsaEncoding: 'ieee-p1363' })
  const receipt = {
    campaignId,
    account,
    link: head.link,
    count: head.count,
    owedAtLeast: terms.floorPay * BigInt(head.count),
    issuedAt: 900,
  }
  return {
    account,
    delegation,
    from: reached,
    payloadHashes,
    links,
    head: { ...head, publicKey: delegation.publicKey, signature: toHex(normalizeLowS(es256)) },
    receipt: {
      ...receipt,
      signature: signAs(receiptSecret, receiptDigest(receipt, deployment, nativeCrypto)),
    },
  }
}

/** What is known after a batch, as a node has it that verifies what it cuts. */
async function verifiedAfter(cars: Uint8Array[], all: BatchHeader[], from?: Verified): Promise<Verified> {
  let known: Verified | undefined
  const verdict = await verifyCampaign(
    cars,
    { deployment, terms, headers: all },
    {
      crypto: nativeCrypto,
      from,
      onVerified: (after) => {
        known = after
      },
    },
  )
  if (!verdict.ok) throw new Error(`Batch ${verdict.at.batch} does not verify: ${verdict.message}`)
  return known!
}

function addressOf(secret: Uint8Array): Address {
  return addressOfPublicKey(secp256k1.publicKeyCreate(secret, false), nativeCrypto)
}

function signAs(secret: Uint8Array, digest: Uint8Array): Hex {
  const { signature, recid } = secp256k1.ecdsaSign(digest, secret)
  return toHex(new Uint8Array([...signature, 27 + recid]))
}
