import { concatBytes, u64, utf8ToBytes } from '../bytes/concat.ts'
import { type Crypto, pureCrypto } from '../bytes/crypto.ts'
import { type Address, fromHex, type Hex, toHex } from '../bytes/hex.ts'
import { TaggerError } from '../errors.ts'
import { decodeRecord, payloadHashOf, type WorkRecord } from './work-record.ts'

/** How far a chain reaches: `count` records, of which `link` is the last. */
export interface Head {
  count: number
  link: Hex
}

/** A head with the session key's ES256 signature (64-byte r‖s, low-s). */
export interface SignedHead extends Head {
  publicKey: Hex
  signature: Hex
}

const P256_HALF_ORDER = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n

/** The link before a worker's first record in a campaign. */
export function firstLink(campaignId: Hex, account: Address, crypto: Crypto = pureCrypto): Hex {
  return toHex(
    crypto.sha256(concatBytes(utf8ToBytes('tagger/chain/1'), fromHex(campaignId, 32), fromHex(account, 20))),
  )
}

/** The head of an empty chain. */
export function emptyHead(campaignId: Hex, account: Address, crypto: Crypto = pureCrypto): Head {
  return { count: 0, link: firstLink(campaignId, account, crypto) }
}

/** `sha256(prevLink ‖ payloadHash)`. */
export function nextLink(prev: Hex, payloadHash: Hex, crypto: Crypto = pureCrypto): Hex {
  return toHex(crypto.sha256(concatBytes(fromHex(prev, 32), fromHex(payloadHash, 32))))
}

/** The bytes a session key signs: `'tagger/head/1' ‖ campaignId ‖ u64 count ‖ link`. */
export function headMessage(campaignId: Hex, head: Head): Uint8Array {
  return concatBytes(
    utf8ToBytes('tagger/head/1'),
    fromHex(campaignId, 32),
    u64(head.count),
    fromHex(head.link, 32),
  )
}

/** Whether s is in the lower half: of two valid signatures over a head only this one is accepted. */
export function isLowS(signature: Uint8Array): boolean {
  return signature.length === 64 && BigInt(toHex(signature.subarray(32))) <= P256_HALF_ORDER
}

/** The low-s twin of an ES256 signature; WebCrypto returns either. */
export function normalizeLowS(signature: Uint8Array): Uint8Array {
  if (isLowS(signature)) return signature
  const order = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n
  const s = order - BigInt(toHex(signature.subarray(32)))
  return concatBytes(signature.subarray(0, 32), fromHex(`0x${s.toString(16).padStart(64, '0')}`, 32))
}

/** Whether the head carries a valid low-s signature by its own `publicKey`; who delegated that key is another question. */
export async function isHeadSigned(
  campaignId: Hex,
  head: SignedHead,
  crypto: Crypto = pureCrypto,
): Promise<boolean> {
  const signature = fromHex(head.signature)
  if (!isLowS(signature)) return false
  return await crypto.verifyP256(fromHex(head.publicKey, 65), headMessage(campaignId, head), signature)
}

export interface ChainedRecord {
  record: WorkRecord
  payload: Uint8Array
  payloadHash: Hex
  link: Hex
}

/**
 * Appends payloads to a chain. Each must be canonical, of this campaign and account, and name the link it follows.
 * Throws `record-foreign`, `chain-broken` (with the first bad `seq`), `record-invalid` or `not-canonical`.
 */
export function extendChain(
  campaignId: Hex,
  account: Address,
  head: Head,
  payloads: readonly Uint8Array[],
  crypto: Crypto = pureCrypto,
): ChainedRecord[] {
  let { count, link } = head
  return payloads.map((payload) => {
    const record = decodeRecord(payload)
    const data = { seq: count + 1, expected: { count, link } }
    if (record.campaign !== campaignId || record.account !== account) {
      throw new TaggerError('record-foreign', `Record ${record.seq} belongs to another campaign or account`, {
        data,
      })
    }
    if (record.seq !== count + 1 || record.prev !== link) {
      throw new TaggerError(
        'chain-broken',
        `Record ${record.seq} does not follow record ${count} of this chain`,
        {
          data,
          hints: ['Fetch the head of your chain and build the next record on it.'],
        },
      )
    }
    const payloadHash = payloadHashOf(payload, crypto)
    link = nextLink(link, payloadHash, crypto)
    count += 1
    return { record, payload, payloadHash, link }
  })
}
