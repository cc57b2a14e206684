import {
  type Address,
  type Crypto,
  type Deployment,
  emptyHead,
  type Head,
  type Hex,
  isHeadSigned,
  type SignedReceipt,
  TaggerError,
} from '@tagger/protocol'
import type { Api } from '../http/api.ts'
import { requireOwnKey } from '../identity/delegate.ts'

/**
 * The head of the caller's chain, with the receipt the node shows for it. What the node says is believed only when a key that the caller's own wallet
 * delegated signed it: else the next record would vouch for work someone else made up.
 */
export async function fetchHead(options: {
  api: Api
  campaignId: Hex
  account: Address
  deployment: Deployment
  crypto: Crypto
}): Promise<{ head: Head; receipt: SignedReceipt | null }> {
  const { api, campaignId, account, deployment, crypto } = options
  const { head, signed, receipt } = await api.getChain({ params: { id: campaignId } })
  if (head.count === 0) {
    const empty = emptyHead(campaignId, account, crypto)
    if (head.link !== empty.link) throw forged('The node names a wrong start for your chain')
    return { head: empty, receipt: null }
  }
  if (signed === null || signed.count !== head.count || signed.link !== head.link) {
    throw forged('The node shows a head of your chain without its signature')
  }
  if (!(await isHeadSigned(campaignId, signed, crypto))) {
    throw forged('The signature under the head of your chain is not valid')
  }
  await requireOwnKey(api, account, signed.publicKey, deployment)
  return { head: { count: head.count, link: head.link }, receipt }
}

function forged(message: string): TaggerError {
  return new TaggerError('head-signature-invalid', message, {
    hints: ['Do not sign anything on top of it: keep your receipts and tell the operator.'],
  })
}
