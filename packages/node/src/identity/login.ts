import { randomBytes } from 'node:crypto'
import { type Address, fromHex, type Hex, TaggerError } from '@tagger/protocol'
import { getAddress, hashMessage } from 'viem'
import { createSiweMessage, parseSiweMessage, verifySiweMessage } from 'viem/siwe'
import { tokenHashOf } from '../http/access.ts'
import type { Node } from '../node.ts'
import type { LoginOrigin } from './login-domain.ts'
import { type ChallengeRow, insertChallenge, insertLogin, takeChallenge } from './queries.ts'

const CHALLENGE_SECONDS = 5 * 60
const LOGIN_SECONDS = 7 * 24 * 60 * 60

/** An EIP-4361 message for this account, good once. */
export async function issueChallenge(
  node: Node,
  account: Address,
  origin: LoginOrigin,
): Promise<{ message: string; expiresAt: Date }> {
  const now = node.now()
  const nonce = randomBytes(16).toString('hex')
  const expiresAt = after(now, CHALLENGE_SECONDS)
  const message = createSiweMessage({
    address: getAddress(account),
    chainId: node.chain.chainId,
    domain: origin.domain,
    uri: origin.uri,
    version: '1',
    nonce,
    statement: 'Log in to Tagger. This costs nothing and moves no money.',
    issuedAt: now,
    expirationTime: expiresAt,
  })
  await node.db.query(insertChallenge({ nonce, account, message, expiresAt, now }))
  return { message, expiresAt }
}

/** Exchanges a signed challenge for a login token. */
export async function openLogin(
  node: Node,
  { message, signature }: { message: string; signature: Hex },
): Promise<{ token: string; account: Address; expiresAt: Date }> {
  const now = node.now()
  const { nonce } = parseSiweMessage(message)
  const [challenge] = nonce === undefined ? [] : await node.db.query<ChallengeRow>(takeChallenge(nonce, now))
  // Comparing the whole text leaves no field to check one by one: domain, chain, times and account are as issued.
  if (challenge?.message !== message)
    throw refusal('This login message was not issued here, or it was used or ran out')
  if (!(await isSignedBy(node, challenge.account, message, signature))) {
    throw refusal('The login message was not signed by this account')
  }
  const token = randomBytes(32).toString('base64url')
  const expiresAt = after(now, LOGIN_SECONDS)
  await node.db.query(
    insertLogin({ tokenHash: tokenHashOf(token), account: challenge.account, expiresAt, now }),
  )
  return { token, account: challenge.account, expiresAt }
}

/** A plain key answers by itself; a contract account is asked on chain (ERC-1271). */
async function isSignedBy(node: Node, account: Address, message: string, signature: Hex): Promise<boolean> {
  const signer = node.crypto.recoverAddress(fromHex(hashMessage(message)), fromHex(signature))
  if (signer === account) return true
  try {
    const code = await node.chain.client.getCode({ address: account })
    if (code === undefined || code === '0x') return false
    return await verifySiweMessage(node.chain.client, { message, signature, time: node.now() })
  } catch (cause) {
    throw new TaggerError(
      'chain-unreachable',
      'The chain could not be asked about this account’s signature',
      {
        cause,
        hints: ['Try again in a moment.'],
      },
    )
  }
}

function refusal(message: string): TaggerError {
  return new TaggerError('unauthorized', message, {
    hints: ['Ask for a new challenge and sign it as it is.'],
  })
}

function after(time: Date, seconds: number): Date {
  return new Date(time.getTime() + seconds * 1000)
}
