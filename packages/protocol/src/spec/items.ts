import { encodeCanonical } from '../bytes/canonical.ts'
import { concatBytes } from '../bytes/concat.ts'
import { type Crypto, pureCrypto } from '../bytes/crypto.ts'
import { fromHex, type Hex } from '../bytes/hex.ts'
import { buildTree, verifyProof } from '../settlement/tree.ts'

/** Root a spec commits its items to, whatever order they came in. */
export function itemsRootOf(items: readonly Hex[], crypto: Crypto = pureCrypto): Hex {
  const leaves = items.map((item) => fromHex(item, 32))
  return buildTree(leaves, crypto).root
}

/** A hidden item's known answer. `salt` is 32 random bytes: few labels would be guessed from their hash. */
export interface GoldEntry {
  item: Hex
  label: string
  salt: Hex
}

/** Commits to known answers without telling which items they belong to. */
export function commitGold(
  entries: readonly GoldEntry[],
  crypto: Crypto = pureCrypto,
): { root: Hex; proofOf(item: Hex): Hex[] } {
  const tree = buildTree(
    entries.map((entry) => goldLeaf(entry, crypto)),
    crypto,
  )
  const index = new Map(entries.map((entry, i) => [entry.item, i]))
  return { root: tree.root, proofOf: (item) => tree.proof(index.get(item) ?? -1) }
}

/** Whether a revealed answer is the one the spec committed to. */
export function isGoldCommitted(
  reveal: GoldEntry & { proof: readonly Hex[] },
  root: Hex,
  crypto: Crypto = pureCrypto,
): boolean {
  return verifyProof(goldLeaf(reveal, crypto), reveal.proof, root, crypto)
}

function goldLeaf({ item, label, salt }: GoldEntry, crypto: Crypto): Uint8Array {
  const commitment = crypto.sha256(concatBytes(fromHex(salt, 32), encodeCanonical(label)))
  return concatBytes(fromHex(item, 32), commitment)
}
