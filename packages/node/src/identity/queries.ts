import type { Address, Delegation, Hex } from '@tagger/protocol'
import { type Statement, sql } from '../db/sql.ts'

/** Remembers a challenge; the same statement forgets those that ran out. */
export function insertChallenge(challenge: {
  nonce: string
  account: Address
  message: string
  expiresAt: Date
  now: Date
}): Statement {
  return sql`
    with gone as (delete from login_challenges where expires_at < ${challenge.now})
    insert into login_challenges (nonce, account, message, expires_at)
    values (${challenge.nonce}, ${challenge.account}, ${challenge.message}, ${challenge.expiresAt})`
}

/** Takes a challenge away: whoever gets the row is the only one who may answer it. */
export function takeChallenge(nonce: string, now: Date): Statement {
  return sql`
    delete from login_challenges where nonce = ${nonce} and expires_at >= ${now} returning account, message`
}

export interface ChallengeRow {
  account: Address
  message: string
}

/** Remembers a login by the hash of its token; the same statement forgets those that ran out. */
export function insertLogin(login: {
  tokenHash: Hex
  account: Address
  expiresAt: Date
  now: Date
}): Statement {
  return sql`
    with gone as (delete from logins where expires_at < ${login.now})
    insert into logins (token_hash, account, expires_at)
    values (${login.tokenHash}, ${login.account}, ${login.expiresAt})`
}

/** Ends a login. */
export function deleteLogin(tokenHash: Hex): Statement {
  return sql`delete from logins where token_hash = ${tokenHash}`
}

/** Keeps a delegation unless its key is known already. */
export function insertSessionKey(key: Delegation): Statement {
  return sql`
    insert into session_keys (account, public_key, scope, not_before, not_after, nonce, signature)
    values (${key.account}, ${key.publicKey}, ${key.scope}, ${key.notBefore}, ${key.notAfter}, ${key.nonce},
      ${key.signature})
    on conflict (account, public_key) do nothing`
}

/** Delegations of an account, the one that lasts longest first. */
export function selectSessionKeys(account: Address): Statement {
  return sql`select * from session_keys where account = ${account} order by not_after desc, public_key`
}

/** One delegation. */
export function selectSessionKey(account: Address, publicKey: Hex): Statement {
  return sql`select * from session_keys where account = ${account} and public_key = ${publicKey}`
}

/** How many keys of an account are still good. */
export function countRunningKeys(account: Address, now: number): Statement {
  return sql`
    select count(*)::int as count from session_keys where account = ${account} and not_after >= ${now}`
}

export interface SessionKeyRow {
  account: Address
  public_key: Hex
  scope: Hex
  not_before: number
  not_after: number
  nonce: string
  signature: Hex
}

/** Reads a row of `session_keys`. */
export function toDelegation(row: SessionKeyRow): Delegation {
  return {
    account: row.account,
    publicKey: row.public_key,
    scope: row.scope,
    notBefore: row.not_before,
    notAfter: row.not_after,
    nonce: BigInt(row.nonce),
    signature: row.signature,
  }
}
