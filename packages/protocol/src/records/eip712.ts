import { concatBytes, padWord, utf8ToBytes, word } from '../bytes/concat.ts'
import type { Crypto } from '../bytes/crypto.ts'
import { fromHex } from '../bytes/hex.ts'
import type { Deployment } from '../spec/terms.ts'

const DOMAIN_TYPE = 'EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)'

/** EIP-712 domain of what is signed off chain: session keys and receipts, bound to one escrow contract. */
export function offchainDomain(deployment: Deployment) {
  return {
    name: 'Tagger',
    version: '1',
    chainId: deployment.chainId,
    verifyingContract: deployment.campaigns,
  } as const
}

/** EIP-712 digest of a struct whose members are already encoded as 32-byte words. */
export function typedDigest(
  deployment: Deployment,
  encodeType: string,
  words: readonly Uint8Array[],
  crypto: Crypto,
): Uint8Array {
  const struct = crypto.keccak256(concatBytes(typeHash(encodeType, crypto), ...words))
  return crypto.keccak256(concatBytes(PREFIX, domainSeparator(deployment, crypto), struct))
}

const PREFIX = Uint8Array.of(0x19, 0x01)
const typeHashes = new Map<string, Uint8Array>()
const separators = new WeakMap<Deployment, Uint8Array>()

/** Kept: there are two types, and a signature to be checked for every head. */
function typeHash(encodeType: string, crypto: Crypto): Uint8Array {
  const known = typeHashes.get(encodeType)
  if (known !== undefined) return known
  const hash = crypto.keccak256(utf8ToBytes(encodeType))
  typeHashes.set(encodeType, hash)
  return hash
}

function domainSeparator(deployment: Deployment, crypto: Crypto): Uint8Array {
  const known = separators.get(deployment)
  if (known !== undefined) return known
  const hash = (text: string) => crypto.keccak256(utf8ToBytes(text))
  const separator = crypto.keccak256(
    concatBytes(
      hash(DOMAIN_TYPE),
      hash('Tagger'),
      hash('1'),
      word(deployment.chainId),
      padWord(fromHex(deployment.campaigns, 20)),
    ),
  )
  separators.set(deployment, separator)
  return separator
}
