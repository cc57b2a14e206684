import { pureCrypto, toHex, utf8ToBytes } from '@tagger/protocol'
import { type PrivateKeyAccount, privateKeyToAccount } from 'viem/accounts'

/** The wallet of a name under a seed: always the same one. For networks where money is play money. */
export function walletOf(seed: string, name: string): PrivateKeyAccount {
  return privateKeyToAccount(toHex(pureCrypto.keccak256(utf8ToBytes(`tagger/wallet/${seed}/${name}`))))
}
