import { concatBytes } from '../bytes/concat.ts'
import { type Crypto, pureCrypto } from '../bytes/crypto.ts'
import { fromHex, type Hex, toHex, ZERO32 } from '../bytes/hex.ts'

export interface MerkleTree {
  /** 32 zero bytes when there are no leaves. */
  root: Hex
  /** Siblings from the leaf (by its index in the input) up to the root. */
  proof(index: number): Hex[]
}

/**
 * An OpenZeppelin standard Merkle tree over already encoded leaves: leaves are hashed twice and sorted,
 * inner nodes hash their sorted children, the tree is complete and laid out in one array from the root.
 */
export function buildTree(leaves: readonly Uint8Array[], crypto: Crypto = pureCrypto): MerkleTree {
  const count = leaves.length
  if (count === 0) {
    return {
      root: ZERO32,
      proof: (index) => {
        throw new RangeError(`No leaf ${index}`)
      },
    }
  }
  const hashed = leaves.map((leaf, index) => ({ hash: leafHash(leaf, crypto), index }))
  hashed.sort((a, b) => compareBytes(a.hash, b.hash))
  const nodes = new Array<Uint8Array>(2 * count - 1)
  const position = new Array<number>(count)
  hashed.forEach(({ hash, index }, rank) => {
    position[index] = nodes.length - 1 - rank
    nodes[nodes.length - 1 - rank] = hash
  })
  for (let i = nodes.length - 1 - count; i >= 0; i--) {
    nodes[i] = parentHash(nodes[2 * i + 1]!, nodes[2 * i + 2]!, crypto)
  }
  return {
    root: toHex(nodes[0]!),
    proof(index) {
      let at = position[index]
      if (at === undefined) throw new RangeError(`No leaf ${index}`)
      const siblings: Hex[] = []
      while (at > 0) {
        siblings.push(toHex(nodes[at % 2 === 0 ? at - 1 : at + 1]!))
        at = (at - 1) >> 1
      }
      return siblings
    },
  }
}

/** Whether the siblings lead from this leaf to the root. */
export function verifyProof(
  leaf: Uint8Array,
  proof: readonly Hex[],
  root: Hex,
  crypto: Crypto = pureCrypto,
): boolean {
  let hash = leafHash(leaf, crypto)
  for (const sibling of proof) hash = parentHash(hash, fromHex(sibling, 32), crypto)
  return toHex(hash) === root
}

function leafHash(leaf: Uint8Array, crypto: Crypto): Uint8Array {
  return crypto.keccak256(crypto.keccak256(leaf))
}

function parentHash(a: Uint8Array, b: Uint8Array, crypto: Crypto): Uint8Array {
  return crypto.keccak256(compareBytes(a, b) < 0 ? concatBytes(a, b) : concatBytes(b, a))
}

function compareBytes(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return a[i]! - b[i]!
  return 0
}
