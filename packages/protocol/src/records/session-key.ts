import { padWord, word } from '../bytes/concat.ts'
import { type Crypto, pureCrypto } from '../bytes/crypto.ts'
import { type Address, fromHex, type Hex } from '../bytes/hex.ts'
import type { Deployment } from '../spec/terms.ts'
import { typedDigest } from './eip712.ts'

/** A wallet's word that this P-256 key may sign heads for it. Times in seconds since epoch. */
export interface SessionKey {
  account: Address
  /** 65-byte uncompressed P-256 point. */
  publicKey: Hex
  /** A campaign id, or 32 zero bytes for every campaign of this deployment. */
  scope: Hex
  notBefore: number
  notAfter: number
  nonce: bigint
}

/** A session key with the wallet's signature over it: what a bundle carries. */
export interface Delegation extends SessionKey {
  signature: Hex
}

const ENCODE_TYPE =
  'SessionKey(address account,bytes publicKey,bytes32 scope,uint64 notBefore,uint64 notAfter,uint256 nonce)'

/** The same struct for wallets (`eth_signTypedData_v4`). */
export const sessionKeyTypes = {
  SessionKey: [
    { name: 'account', type: 'address' },
    { name: 'publicKey', type: 'bytes' },
    { name: 'scope', type: 'bytes32' },
    { name: 'notBefore', type: 'uint64' },
    { name: 'notAfter', type: 'uint64' },
    { name: 'nonce', type: 'uint256' },
  ],
} as const

/** EIP-712 digest the wallet signs. */
export function sessionKeyDigest(
  key: SessionKey,
  deployment: Deployment,
  crypto: Crypto = pureCrypto,
): Uint8Array {
  return typedDigest(
    deployment,
    ENCODE_TYPE,
    [
      padWord(fromHex(key.account, 20)),
      crypto.keccak256(fromHex(key.publicKey, 65)),
      fromHex(key.scope, 32),
      word(key.notBefore),
      word(key.notAfter),
      word(key.nonce),
    ],
    crypto,
  )
}

/** Whether the account's own wallet signed this delegation. */
export function isDelegationSigned(
  delegation: Delegation,
  deployment: Deployment,
  crypto: Crypto = pureCrypto,
): boolean {
  const digest = sessionKeyDigest(delegation, deployment, crypto)
  return crypto.recoverAddress(digest, fromHex(delegation.signature)) === delegation.account
}

/** Whether the key may sign in this campaign at this time (seconds; the operator's clock, never the worker's). */
export function isKeyValidAt(key: SessionKey, campaignId: Hex, at: number): boolean {
  const inScope = /^0x0+$/.test(key.scope) || key.scope === campaignId
  return inScope && key.notBefore <= at && at <= key.notAfter
}
