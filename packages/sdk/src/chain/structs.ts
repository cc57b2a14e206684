import type { BatchHeader, Terms } from '@tagger/protocol'

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
