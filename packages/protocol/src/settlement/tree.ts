import { type Crypto, pureCrypto } from '../bytes/crypto.ts'
import { fromHex, type Hex, toHex, ZERO32 } from '../bytes/hex.ts'

/** Bytes of a hash. */
const HASH = 32

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
  const hashes = new Uint8Array(count * HASH)
  leaves.forEach((leaf, i) => {
    hashes.set(leafHash(leaf, crypto), i * HASH)
  })
  const order = Int32Array.from(leaves.keys()).sort((a, b) => compareAt(hashes, a * HASH, b * HASH))
  // One array from the root: a campaign has hundreds of thousands of items.
  const nodes = new Uint8Array((2 * count - 1) * HASH)
  const position = new Int32Array(count)
  order.forEach((leaf, rank) => {
    position[leaf] = 2 * count - 2 - rank
    nodes.set(hashes.subarray(leaf * HASH, (leaf + 1) * HASH), position[leaf]! * HASH)
  })
  const pair = new Uint8Array(2 * HASH)
  for (let i = count - 2; i >= 0; i--) {
    joinAt(nodes, (2 * i + 1) * HASH, (2 * i + 2) * HASH, pair)
    nodes.set(crypto.keccak256(pair), i * HASH)
  }
  const hexAt = (node: number) => toHex(nodes.subarray(node * HASH, (node + 1) * HASH))
  return {
    root: hexAt(0),
    proof(index) {
      let at = position[index]
      if (at === undefined) throw new RangeError(`No leaf ${index}`)
      const siblings: Hex[] = []
      while (at > 0) {
        siblings.push(hexAt(at % 2 === 0 ? at - 1 : at + 1))
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
  const both = new Uint8Array(2 * HASH)
  const pair = new Uint8Array(2 * HASH)
  both.set(leafHash(leaf, crypto))
  for (const sibling of proof) {
    both.set(fromHex(sibling, HASH), HASH)
    joinAt(both, 0, HASH, pair)
    both.set(crypto.keccak256(pair))
  }
  return toHex(both.subarray(0, HASH)) === root
}

/** What a leaf is in its tree: hashed twice. */
export function leafHash(leaf: Uint8Array, crypto: Crypto): Uint8Array {
  return crypto.keccak256(crypto.keccak256(leaf))
}

/** The node above two hashes. */
export function nodeAbove(a: Uint8Array, b: Uint8Array, crypto: Crypto): Uint8Array {
  const both = new Uint8Array(2 * HASH)
  const pair = new Uint8Array(2 * HASH)
  both.set(a)
  both.set(b, HASH)
  joinAt(both, 0, HASH, pair)
  return crypto.keccak256(pair)
}

/** The two hashes that begin at `a` and `b`, the smaller one first, into `pair`. */
function joinAt(bytes: Uint8Array, a: number, b: number, pair: Uint8Array): void {
  const [first, second] = compareAt(bytes, a, b) < 0 ? [a, b] : [b, a]
  for (let i = 0; i < HASH; i++) {
    pair[i] = bytes[first + i]!
    pair[HASH + i] = bytes[second + i]!
  }
}

/** Compares the two hashes that begin at `a` and `b`. */
function compareAt(bytes: Uint8Array, a: number, b: number): number {
  for (let i = 0; i < HASH; i++) {
    const difference = bytes[a + i]! - bytes[b + i]!
    if (difference !== 0) return difference
  }
  return 0
}
