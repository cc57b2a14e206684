import { type Crypto, pureCrypto } from '../bytes/crypto.ts'
import { fromHex, type Hex, toHex } from '../bytes/hex.ts'
import { leafHash, nodeAbove } from './tree.ts'

/** Leaves with one proof for all of them, as OpenZeppelin's `multiProofVerify` takes it. */
export interface Multiproof {
  /** Places of the leaves in the input, in the order the proof needs. */
  order: number[]
  proof: Hex[]
  /** Per step: whether the next hash is paired with one that is known already, or with the next of `proof`. */
  flags: boolean[]
}

/**
 * One proof from the proofs of single leaves of one tree, each leaf (encoded) once. A standard tree has its leaves at
 * the end by rising hash, so the order in which they are used follows from their hashes.
 */
export function combineProofs(
  leaves: readonly { leaf: Uint8Array; proof: readonly Hex[] }[],
  crypto: Crypto = pureCrypto,
): Multiproof {
  const hashed = leaves.map(({ leaf, proof }, place) => ({
    hash: toHex(leafHash(leaf, crypto)),
    proof,
    place,
  }))
  // Hex of one length sorts as its bytes do.
  hashed.sort((a, b) => (a.hash < b.hash ? -1 : 1))
  const queue = hashed.map(({ hash, proof }) => ({ hash, siblings: proof }))
  const proof: Hex[] = []
  const flags: boolean[] = []
  for (let next = 0; next < queue.length; ) {
    const { hash, siblings } = queue[next++]!
    const sibling = siblings[0]
    if (sibling === undefined) break
    const isKnown = queue[next]?.hash === sibling
    if (isKnown) next++
    else proof.push(sibling)
    flags.push(isKnown)
    const above = nodeAbove(fromHex(hash, 32), fromHex(sibling, 32), crypto)
    queue.push({ hash: toHex(above), siblings: siblings.slice(1) })
  }
  return { order: hashed.map(({ place }) => place), proof, flags }
}
