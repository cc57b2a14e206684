import { TaggerError } from '@tagger/protocol'
import type { Tagger } from '@tagger/sdk'
import { t } from '../messages.ts'
import { readNetwork } from '../network.ts'
import { getSession } from '../session.ts'
import { openWallet } from './open-wallet.ts'

/** Transactions of an account: as its wallet counts them, and as the chain does. */
export interface NonceGap {
  wallet: number
  chain: number
}

/**
 * A wallet that counts transactions of before the local network's last reset: what it sends next would wait for ever.
 * Null when there is none; elsewhere a wallet is ahead because its transactions are under way.
 */
export async function findStaleNonce(tagger: Tagger): Promise<NonceGap | null> {
  const { account, kind } = getSession()
  if (account === null || kind !== 'injected' || !(await readNetwork()).isLocal) return null
  const { walletNonce } = await openWallet()
  const { client } = await tagger.chain()
  const wallet = await walletNonce(account)
  // Asked second: what the wallet sends meanwhile must not look like a gap.
  const chain = await client.getTransactionCount({ address: account, blockTag: 'pending' })
  return wallet !== null && wallet > chain ? { wallet, chain } : null
}

/** Stops before a first transaction that such a wallet would never get through. */
export async function refuseStaleNonce(tagger: Tagger): Promise<void> {
  const gap = await findStaleNonce(tagger)
  if (gap === null) return
  throw new TaggerError('transaction-failed', t.wallet.nonceTitle, {
    hints: [t.wallet.nonceHint(gap.wallet, gap.chain)],
  })
}
