import type { Address, Hex } from '@tagger/protocol'
import { type PublicClient, type TransactionReceipt, toHex } from 'viem'

/** Sends from the local chain's first account, which everybody knows, and waits until it is mined. */
export type Send = (transaction: {
  to?: Address
  data?: Hex
  value?: bigint
  /** Estimated when it is not given. */
  gas?: bigint
  /** The next one when it is not given. */
  nonce?: number
}) => Promise<TransactionReceipt>

/**
 * Accounts every anvil has, unlocked: the first one deploys and gives, the next three validate, the last one is the
 * treasury.
 */
export async function localAccounts(
  client: PublicClient,
): Promise<{ giver: Address; validators: Address[]; treasury: Address }> {
  const accounts = (await client.request({ method: 'eth_accounts' } as never)) as Address[]
  const named = accounts.map((account) => account.toLowerCase() as Address)
  return { giver: named[0]!, validators: named.slice(1, 4), treasury: named.at(-1)! }
}

/** A sender that hands its transactions to the chain one after the other, so that none takes another's nonce. */
export function sendFrom(client: PublicClient, from: Address): Send {
  let turn: Promise<unknown> = Promise.resolve()
  return async ({ to, data, value, gas, nonce }) => {
    const sent = turn.then(async () => {
      const transaction = { from, to, data, value: value === undefined ? undefined : toHex(value) }
      const limit = gas ?? ((await client.estimateGas({ account: from, to, data, value })) * 12n) / 10n
      const place = nonce === undefined ? {} : { nonce: toHex(nonce) }
      const params = [{ ...transaction, ...place, gas: toHex(limit) }]
      // Not tried again: a transaction whose answer got lost may have been sent.
      return (await client.request({ method: 'eth_sendTransaction', params } as never, {
        retryCount: 0,
      })) as Hex
    })
    turn = sent.catch(() => {})
    return client.waitForTransactionReceipt({ hash: await sent, pollingInterval: 50 })
  }
}
