import { createPublicKey } from 'node:crypto'
import { type Address, type Delegation, fromHex, isDelegationSigned, TaggerError } from '@tagger/protocol'
import { deploymentOf, type Node } from '../node.ts'
import {
  countRunningKeys,
  insertSessionKey,
  type SessionKeyRow,
  selectSessionKey,
  selectSessionKeys,
  toDelegation,
} from './queries.ts'

const DAY = 24 * 60 * 60
const LONGEST = 31 * DAY
/** Clocks of browsers are off by minutes. */
const CLOCK_DRIFT = 10 * 60
const MOST_RUNNING_KEYS = 100

/** Registers a key the caller's wallet delegated; sending the same delegation again changes nothing. */
export async function registerSessionKey(node: Node, caller: Address, key: Delegation): Promise<Delegation> {
  const now = Math.floor(node.now().getTime() / 1000)
  if (key.account !== caller) throw refusal('it is delegated by another account than the one logged in')
  checkTimes(key, now)
  checkPublicKey(key)
  if (!isDelegationSigned(key, deploymentOf(node), node.crypto)) {
    throw refusal('its delegation is not signed by the account', [
      'Sign the SessionKey struct with eth_signTypedData_v4 on this chain, for this Campaigns contract.',
      'Contract accounts delegate on chain; this is not supported yet.',
    ])
  }
  return await node.db.transaction(async (tx) => {
    const known = await tx.query<SessionKeyRow>(selectSessionKey(caller, key.publicKey))
    if (known[0] !== undefined) return sameOrRefuse(toDelegation(known[0]), key)
    const [running] = await tx.query<{ count: number }>(countRunningKeys(caller, now))
    if (running!.count >= MOST_RUNNING_KEYS) {
      throw refusal(`this account has ${MOST_RUNNING_KEYS} running keys already`)
    }
    await tx.query(insertSessionKey(key))
    const [kept] = await tx.query<SessionKeyRow>(selectSessionKey(caller, key.publicKey))
    return sameOrRefuse(toDelegation(kept!), key)
  })
}

/** The caller's session keys. */
export async function sessionKeysOf(node: Node, account: Address): Promise<Delegation[]> {
  return (await node.db.query<SessionKeyRow>(selectSessionKeys(account))).map(toDelegation)
}

function checkTimes({ notBefore, notAfter }: Delegation, now: number): void {
  if (notBefore >= notAfter) throw refusal('it ends before it begins')
  if (notAfter <= now) throw refusal('it has ended already')
  if (notBefore > now + CLOCK_DRIFT) throw refusal('it begins in the future')
  if (notAfter > now + LONGEST + CLOCK_DRIFT || notAfter - notBefore > LONGEST + CLOCK_DRIFT) {
    throw refusal('it lasts longer than 31 days')
  }
}

function checkPublicKey({ publicKey, nonce }: Delegation): void {
  const point = fromHex(publicKey, 65)
  const coordinate = (from: number) => Buffer.from(point.subarray(from, from + 32)).toString('base64url')
  try {
    if (point[0] !== 4) throw new Error('not uncompressed')
    createPublicKey({ key: { kty: 'EC', crv: 'P-256', x: coordinate(1), y: coordinate(33) }, format: 'jwk' })
  } catch {
    throw refusal('its public key is no uncompressed P-256 point')
  }
  if (nonce >= 1n << 256n) throw refusal('its nonce is larger than 32 bytes')
}

function sameOrRefuse(known: Delegation, given: Delegation): Delegation {
  const fields = ['scope', 'notBefore', 'notAfter', 'nonce'] as const
  if (fields.every((field) => known[field] === given[field])) return known
  throw new TaggerError('conflict', 'This key is delegated already, with other times or scope', {
    hints: ['Receipts rest on the first delegation: make a new key.'],
  })
}

function refusal(why: string, hints: string[] = []): TaggerError {
  return new TaggerError('session-key-invalid', `This session key is not accepted: ${why}`, { hints })
}
