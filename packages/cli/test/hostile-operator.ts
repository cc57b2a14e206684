import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { campaignsAbi } from '@tagger/contracts/abi'
import { nativeCrypto } from '@tagger/node/crypto'
import {
  batchHashOf,
  type CutInput,
  cutBatch,
  decodeBundle,
  decodeSpec,
  type Evidence,
  emptyHead,
  encodeBundle,
  type Hex,
  type Verified,
  verifyCampaign,
  ZERO32,
} from '@tagger/protocol'
import { createTagger, onChainHeader, onChainTerms } from '@tagger/sdk'
import { privateKeyToAccount } from 'viem/accounts'
import type { TestNetwork } from './start-network.ts'

type Worker = CutInput['workers'][number]

/** What a hostile operator anchors, and what it hands out for it. */
export interface Forged {
  /** Anchored, but for the digest of the bundle where `bundle` does not say another. */
  evidence: Evidence
  bundle?: Hex
  /** Null hands out nothing. */
  car: Uint8Array | null
}

/**
 * Cuts a batch of everything a campaign's workers signed, as the node would, has it forged, and proposes it with the
 * operator's key. Returns its hash.
 */
export async function proposeForged(
  network: TestNetwork,
  campaignId: Hex,
  forge: (honest: { evidence: Evidence; car: Uint8Array; bundle: Hex }) => Forged,
  mirror: Mirror,
): Promise<Hex> {
  const { operator: key } = JSON.parse(await readFile(join(network.folder, 'keys.json'), 'utf8'))
  const operator = createTagger({ url: network.url, wallet: privateKeyToAccount(key), crypto: nativeCrypto })
  const { terms } = await operator.campaign(campaignId).read()
  const work = await signedWork(network, campaignId)
  let before: Verified | undefined
  const onVerified = (known: Verified) => {
    before = known
  }
  await verifyCampaign([], { deployment: work.deployment, terms, headers: [] }, { onVerified })
  const { state, settled, previous } = before!
  const { car } = cutBatch({ ...work, terms, state, settled, previous }, nativeCrypto)
  const { evidence, root } = decodeBundle(car, nativeCrypto)
  const forged = forge({ evidence, car, bundle: root })
  const bundle = forged.bundle ?? encodeBundle(forged.evidence, nativeCrypto).root
  const header = { campaignId, ...forged.evidence.anchor, bundle }
  const hash = batchHashOf(header, nativeCrypto)
  if (forged.car !== null) mirror.bundles.set(hash, forged.car)
  const chain = await operator.chain()
  await chain.write({
    what: 'Proposing the batch',
    address: chain.network.contracts.campaigns,
    abi: campaignsAbi,
    functionName: 'propose',
    args: [onChainTerms(terms), onChainHeader(header), ZERO32],
  })
  return hash
}

/** What goes into a first batch, as the node's database holds it. */
async function signedWork(
  { node, url }: TestNetwork,
  campaignId: Hex,
): Promise<Omit<CutInput, 'terms' | 'state' | 'settled' | 'previous'>> {
  const rows = async <Row>(text: string) => await node.db.query<Row & object>({ text, values: [campaignId] })
  const { chainId, contracts } = await createTagger({ url }).network()
  const [campaign] = await rows<{ spec: Uint8Array }>('select spec from campaigns where id = $1')
  const records = await rows<{ account: Hex; item: Hex; payload: Uint8Array; payload_hash: Hex; link: Hex }>(
    'select account, item, payload, payload_hash, link from records where campaign_id = $1 order by account, seq',
  )
  const heads = await rows<HeadRow>(
    `select distinct on (r.account) r.*, r.signature as receipt, k.scope, k.not_before, k.not_after, k.nonce,
       k.signature as delegation
     from receipts r join session_keys k on k.account = r.account and k.public_key = r.public_key
     where r.campaign_id = $1 order by r.account, r.count desc`,
  )
  const workers = heads.map((head): Worker => {
    const { account, count, link, public_key: publicKey } = head
    const own = records.filter((record) => record.account === account)
    return {
      account,
      delegation: {
        ...{ account, publicKey, scope: head.scope, nonce: BigInt(head.nonce), signature: head.delegation },
        ...{ notBefore: head.not_before, notAfter: head.not_after },
      },
      from: emptyHead(campaignId, account, nativeCrypto),
      payloadHashes: own.map(({ payload_hash }) => payload_hash),
      links: own.map((record) => record.link),
      head: { count, link, publicKey, signature: head.head_signature },
      receipt: {
        ...{ campaignId, account, link, count, signature: head.receipt, issuedAt: head.issued_at },
        owedAtLeast: BigInt(head.owed_at_least),
      },
    }
  })
  return {
    deployment: { chainId, campaigns: contracts.campaigns },
    campaignId,
    spec: decodeSpec(campaign!.spec),
    cutAt: Math.floor(Date.now() / 1_000),
    closing: false,
    items: [...new Set(records.map(({ item }) => item))],
    reveals: [],
    workers,
    payloads: records.map(({ payload }) => payload),
  }
}

interface HeadRow {
  account: Hex
  count: number
  link: Hex
  public_key: Hex
  head_signature: Hex
  owed_at_least: string
  issued_at: number
  receipt: Hex
  scope: Hex
  not_before: number
  not_after: number
  nonce: string
  delegation: Hex
}

/** A server that hands out bundles of batches by their hash. */
export interface Mirror {
  url: string
  bundles: Map<Hex, Uint8Array>
  close(): Promise<void>
}

/** Starts one with nothing to hand out. */
export async function startMirror(): Promise<Mirror> {
  const bundles = new Map<Hex, Uint8Array>()
  const server = createServer((request, response) => {
    const hash = /\/batches\/(0x[0-9a-f]{64})\/bundle$/.exec(request.url ?? '')?.[1] as Hex | undefined
    const car = hash && bundles.get(hash)
    response.writeHead(car ? 200 : 404).end(car)
  })
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    bundles,
    close: () => new Promise((done) => server.close(() => done())),
  }
}
