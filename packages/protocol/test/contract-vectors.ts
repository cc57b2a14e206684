import { p256 } from '@noble/curves/nist.js'
import { pureCrypto } from '../src/bytes/crypto.ts'
import { type Address, toHex } from '../src/bytes/hex.ts'
import { sealKey } from '../src/passport/seal.ts'
import { receiptDigest } from '../src/records/receipt.ts'
import { sessionKeyDigest } from '../src/records/session-key.ts'
import { batchHashOf } from '../src/settlement/batch-header.ts'
import { type Result, resultHashOf } from '../src/settlement/result.ts'
import { payoutsTree, recordsTree, resultsTree } from '../src/settlement/roots.ts'
import { campaignIdOf, feesOn, type Terms } from '../src/spec/terms.ts'
import { addressOf, named, signEthereum } from './simulated-campaign.ts'

const hash = (name: string) => toHex(named(name))
const account = (name: string): Address => addressOf(named(name))

/** Everything chain and protocol must agree on to the bit, of made-up values. Amounts are decimal strings. */
export function contractVectors() {
  const deployment = { chainId: 31_337, campaigns: account('campaigns') }
  const receiptSecret = named('receipt key')
  const terms: Terms = {
    requester: account('requester'),
    operator: account('operator'),
    receiptKey: addressOf(receiptSecret),
    token: account('token'),
    specHash: hash('spec'),
    basePay: 2n ** 90n + 1n,
    floorPay: 12_345n,
    operatorFeeBps: 499,
    protocolFeeBps: 251,
    contributorsBps: 3_333,
    deadline: 1_800_000_000,
    grace: 86_399,
    challengeWindow: 3_601,
    nonce: 2n ** 255n + 7n,
  }
  const campaignId = campaignIdOf(terms, deployment)
  const workers = ['ana', 'ben', 'cleo', 'dora', 'eve'].map(account)
  const chains = workers.map((worker, i) => ({ account: worker, count: 3 ** i, link: hash(`link ${i}`) }))
  const payouts = workers.map((worker, i) => ({ account: worker, amount: 10n ** BigInt(6 * i) + BigInt(i) }))
  const results: Result[] = [0, 1, 2].map((i) => ({
    item: hash(`item ${i}`),
    label: ['yes', 'no', 'naïve'][i]!,
    confidence: 1_000_000 - i,
    distribution: [1_000_000 - i, i],
    status: i === 1 ? 'rejected' : 'accepted',
    annotations: i + 1,
    reviews: i,
  }))
  const trees = {
    records: recordsTree(campaignId, chains),
    results: resultsTree(campaignId, results),
    payouts: payoutsTree(campaignId, payouts),
  }
  const payoutsTotal = payouts.reduce((sum, { amount }) => sum + amount, 0n)
  const header = {
    campaignId,
    previous: hash('previous'),
    index: 3,
    cutAt: 1_700_000_001,
    bundle: hash('bundle'),
    recordsRoot: trees.records.root,
    resultsRoot: trees.results.root,
    payoutsRoot: trees.payouts.root,
    payoutsTotal,
    state: hash('state'),
    closing: true,
  }
  const receipt = {
    campaignId,
    account: workers[0]!,
    link: chains[0]!.link,
    count: 81,
    issuedAt: 1_700_000_002,
  }
  const signedReceipt = { ...receipt, owedAtLeast: 10n ** 24n + 5n }
  const receiptHash = receiptDigest(signedReceipt, deployment)
  const walletSecret = named('ana')
  const sessionKey = {
    account: workers[0]!,
    publicKey: toHex(p256.getPublicKey(named('session'), false)),
    scope: campaignId,
    notBefore: 1_690_000_000,
    notAfter: 1_790_000_000,
    nonce: 2n ** 200n + 3n,
  }
  const sessionHash = sessionKeyDigest(sessionKey, deployment)
  const buyer = named('buyer')
  const contentKey = named('content key')
  const fees = feesOn(terms, payoutsTotal)
  return plain({
    deployment,
    terms,
    campaignId,
    fees,
    header,
    batch: batchHashOf(header),
    records: chains.map((chain) => ({ ...chain, proof: trees.records.proofOf(chain.account) })),
    results: results.map((result) => ({
      item: result.item,
      resultHash: resultHashOf(result),
      confidence: result.confidence,
      proof: trees.results.proofOf(result.item),
    })),
    payouts: payouts.map((line) => ({ ...line, proof: trees.payouts.proofOf(line.account) })),
    receipt: {
      ...signedReceipt,
      digest: toHex(receiptHash),
      signature: signEthereum(receiptHash, receiptSecret),
    },
    sessionKey: {
      ...sessionKey,
      digest: toHex(sessionHash),
      signature: signEthereum(sessionHash, walletSecret),
    },
    seal: {
      secret: toHex(buyer),
      publicKey: toHex(p256.getPublicKey(buyer, false)),
      contentKey: toHex(contentKey),
      keyHash: toHex(pureCrypto.sha256(contentKey)),
      sealed: toHex(
        sealKey({
          publicKey: p256.getPublicKey(buyer, false),
          contentKey,
          ephemeralSecret: named('once'),
        }),
      ),
    },
  })
}

/** As JSON: amounts as decimal strings. */
function plain<T>(value: T): unknown {
  return JSON.parse(
    JSON.stringify(value, (_, entry) => (typeof entry === 'bigint' ? entry.toString() : entry)),
  )
}
