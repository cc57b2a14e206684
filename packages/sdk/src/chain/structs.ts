import { passportsAbi } from '@tagger/contracts/abi'
import type { BatchHeader, Hex, Terms } from '@tagger/protocol'
import type { PassportVersion } from '@tagger/protocol/wire'
import { encodeAbiParameters, keccak256 } from 'viem'

/** Terms as viem encodes them: the 64-bit fields are bigint there. */
export function onChainTerms(terms: Terms) {
  return {
    ...terms,
    deadline: BigInt(terms.deadline),
    grace: BigInt(terms.grace),
    challengeWindow: BigInt(terms.challengeWindow),
  }
}

/** A batch header as viem encodes it. */
export function onChainHeader(header: BatchHeader) {
  return { ...header, index: BigInt(header.index), cutAt: BigInt(header.cutAt) }
}

/** What shows a source of a passport, as viem encodes it. */
export function onChainProof({ terms, header }: { terms: Terms; header: BatchHeader }) {
  return { terms: onChainTerms(terms), header: onChainHeader(header) }
}

const versionInputs = passportsAbi.find(
  (item) => item.type === 'function' && item.name === 'versionHash',
)!.inputs

/** What a version of a passport is on chain: its hash, as `Passports.versionHash` computes it. */
export function versionHash(version: PassportVersion): Hex {
  return keccak256(encodeAbiParameters(versionInputs, [version]))
}
