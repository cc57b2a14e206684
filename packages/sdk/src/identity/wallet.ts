import { type Address, type Hex, TaggerError, toAddress } from '@tagger/protocol'
import type { LocalAccount, TypedDataDefinition, WalletClient } from 'viem'

/** A key held here (`privateKeyToAccount`) or a wallet that asks its owner (viem's wallet client, also wagmi's). */
export type WalletInput = LocalAccount | WalletClient

/** What the account signs with, whichever of the two it is. */
export interface Wallet {
  account: Address
  input: WalletInput
  signMessage(message: string): Promise<Hex>
  signTypedData(data: TypedDataDefinition): Promise<Hex>
}

/** Wraps what the program gave. Throws `unauthorized` for a wallet client without an account. */
export function createWallet(input: WalletInput): Wallet {
  if (isLocalAccount(input)) {
    return {
      account: toAddress(input.address),
      input,
      signMessage: (message) => input.signMessage({ message }),
      signTypedData: (data) => input.signTypedData(data),
    }
  }
  const { account } = input
  if (account === undefined) {
    throw new TaggerError('unauthorized', 'This wallet has no account selected', {
      hints: ['Connect an account in the wallet first.'],
    })
  }
  return {
    account: toAddress(account.address),
    input,
    signMessage: (message) => input.signMessage({ account, message }),
    signTypedData: (data) => input.signTypedData({ ...data, account } as never),
  }
}

/** Whether the key is held here. */
export function isLocalAccount(input: WalletInput): input is LocalAccount {
  return 'signMessage' in input && 'type' in input && input.type === 'local'
}
