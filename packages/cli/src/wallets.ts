import { type Hex, pureCrypto, toHex, utf8ToBytes } from '@tagger/protocol'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'

/** The private key of a name under a seed: always the same one. For networks where money is play money. */
export function keyOf(seed: string, name: string): Hex {
  return toHex(pureCrypto.keccak256(utf8ToBytes(`tagger/wallet/${seed}/${name}`)))
}

/** The wallet of that key. */
export function walletOf(seed: string, name: string): PrivateKeyAccount {
  return privateKeyToAccount(keyOf(seed, name))
}
