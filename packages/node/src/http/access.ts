import { hash } from 'node:crypto'
import { type Address, type Hex, TaggerError } from '@tagger/protocol'
import type { Endpoint } from '@tagger/protocol/wire'
import { sql } from '../db/sql.ts'
import type { Node } from '../node.ts'

/** How a login token is kept: by its SHA-256, so that a copy of the database opens no account. */
export function tokenHashOf(token: string): Hex {
  return `0x${hash('sha256', token)}`
}

/** Who calls, by the bearer token; null without one. A wrong or expired token is refused, not ignored. */
export async function callerOf(node: Pick<Node, 'db' | 'now'>, request: Request): Promise<Address | null> {
  const header = request.headers.get('authorization')
  if (header === null) return null
  const token = /^Bearer ([\w.~+/=-]{1,200})$/i.exec(header)?.[1]
  const [login] =
    token === undefined
      ? []
      : await node.db.query<{ account: Address }>(
          sql`select account from logins where token_hash = ${tokenHashOf(token)} and expires_at > ${node.now()}`,
        )
  if (login === undefined) {
    throw new TaggerError('unauthorized', 'This login is unknown or has ended', { hints: ['Log in again.'] })
  }
  return login.account
}

/** On other networks than the local one its operations do not exist. */
export function checkLocal(endpoint: Endpoint, node: Pick<Node, 'chain'>): void {
  if (endpoint.access === 'local' && !node.chain.isLocal) {
    throw new TaggerError('not-found', 'There is no such operation')
  }
}

/** Refuses callers without a login where one is needed. */
export function checkAccount(endpoint: Endpoint, account: Address | null): void {
  if (endpoint.access === 'account' && account === null) {
    throw new TaggerError('unauthorized', 'This operation needs a login', {
      hints: ['Log in and send the token as `Authorization: Bearer …`.'],
    })
  }
}
