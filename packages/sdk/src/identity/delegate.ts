import {
  type Delegation,
  type Deployment,
  isDelegationSigned,
  isKeyValidAt,
  offchainDomain,
  type SessionKey,
  sessionKeyTypes,
  TaggerError,
  toHex,
  ZERO32,
} from '@tagger/protocol'
import { nowSeconds } from '../clock.ts'
import type { Api } from '../http/api.ts'
import type { SessionKeys } from './session-keys.ts'
import type { SessionSigner } from './session-signer.ts'
import type { Wallet } from './wallet.ts'

const DAY = 86_400
const LIFETIME_SECONDS = 7 * DAY
/** A key about to end is replaced before work starts, not in the middle of it. */
const RENEW_BEFORE_SECONDS = DAY / 2
/** Clocks differ: the key is good from a bit before now. */
const BACKDATE_SECONDS = 3600

/** This device's signer for the account, delegated by the wallet and known to the node; asks the wallet at most once. */
export async function delegatedSigner(options: {
  wallet: Wallet
  keys: SessionKeys
  deployment: Deployment
  api: Api
}): Promise<{ signer: SessionSigner; delegation: Delegation }> {
  const { wallet, keys, deployment, api } = options
  const stored = await keys.load(wallet.account)
  if (stored?.delegation && isUsable(stored.delegation, deployment)) {
    await register(api, stored.delegation)
    return { signer: stored.signer, delegation: stored.delegation }
  }
  const signer =
    stored !== null && stored.delegation === null ? stored.signer : await keys.create(wallet.account)
  const delegation = await signDelegation(wallet, signer, deployment)
  await register(api, delegation)
  await keys.keep(wallet.account, delegation)
  return { signer, delegation }
}

/** Has the wallet sign that this key may sign heads for a week, in every campaign of this deployment. */
async function signDelegation(
  wallet: Wallet,
  signer: SessionSigner,
  deployment: Deployment,
): Promise<Delegation> {
  const now = nowSeconds()
  const key: SessionKey = {
    account: wallet.account,
    publicKey: signer.publicKey,
    scope: ZERO32,
    notBefore: now - BACKDATE_SECONDS,
    notAfter: now + LIFETIME_SECONDS,
    nonce: BigInt(toHex(globalThis.crypto.getRandomValues(new Uint8Array(8)))),
  }
  const signature = await wallet.signTypedData({
    domain: offchainDomain(deployment),
    types: sessionKeyTypes,
    primaryType: 'SessionKey',
    message: { ...key, notBefore: BigInt(key.notBefore), notAfter: BigInt(key.notAfter) },
  })
  return { ...key, signature }
}

async function register(api: Api, delegation: Delegation): Promise<void> {
  await api.createSessionKey({ body: { ...delegation, nonce: delegation.nonce.toString() } })
}

function isUsable(delegation: Delegation, deployment: Deployment): boolean {
  const until = nowSeconds() + RENEW_BEFORE_SECONDS
  // A signature over another deployment (a network that was reset) is worth nothing here.
  return isKeyValidAt(delegation, ZERO32, until) && isDelegationSigned(delegation, deployment)
}

/** Throws unless a wallet-delegated key of this account signed with `publicKey`: what a node says is not enough. */
export async function requireOwnKey(
  api: Api,
  account: string,
  publicKey: string,
  deployment: Deployment,
): Promise<void> {
  const { data } = await api.listSessionKeys()
  const own = data.find((key) => key.publicKey === publicKey && key.account === account)
  if (own === undefined || !isDelegationSigned(own, deployment)) {
    throw new TaggerError(
      'head-signature-invalid',
      'Your chain was extended by a key your wallet never allowed',
      {
        hints: ['Do not sign anything on top of it: keep your receipts and tell the operator.'],
        data: { publicKey },
      },
    )
  }
}
