import { TaggerError } from '../../errors.ts'

/** A forest of classes: of each node its parent, −1 for a root. Any node may be a label: "a bird, I cannot say which". */
export interface Taxonomy {
  readonly parent: Int32Array
}

/** Answers at the depth that the labels bear. */
export interface TaxonomyAnswers {
  /** Confidence of every node, items × nodes: that the item is of the node or of one below it. */
  readonly confidence: Float64Array
  /** Of each item the answered node, −1 where not even a root reaches the target. */
  readonly node: Int32Array
}

/**
 * Answers in a tree of classes from the probabilities of its nodes as labels (items × nodes, as a classifier over all
 * nodes gives them): a node is as sure as all below it together, and the answer is the deepest node that reaches
 * `target`; of equally deep ones the surest, of these the first. Throws `bad-document` where a node is its own ancestor
 * or a parent is no node.
 */
export function answerInTaxonomy(
  { parent }: Taxonomy,
  posterior: Float64Array,
  target: number,
): TaxonomyAnswers {
  const nodes = parent.length
  const depth = depths(parent)
  const items = posterior.length / nodes
  const confidence = new Float64Array(posterior.length)
  const node = new Int32Array(items).fill(-1)
  for (let t = 0; t < items; t++) {
    const row = confidence.subarray(t * nodes, (t + 1) * nodes)
    for (let label = 0; label < nodes; label++)
      for (let above = label; above >= 0; above = parent[above]!) row[above]! += posterior[t * nodes + label]!
    for (let n = 0; n < nodes; n++) {
      // Sums of rounded parts may end a bit above 1.
      row[n] = Math.min(1, row[n]!)
      const best = node[t]!
      if (row[n]! < target) continue
      if (best < 0 || depth[n]! > depth[best]! || (depth[n] === depth[best] && row[n]! > row[best]!))
        node[t] = n
    }
  }
  return { confidence, node }
}

/** How far each node is from its root. */
function depths(parent: Int32Array): Int32Array {
  const depth = new Int32Array(parent.length)
  for (let n = 0; n < parent.length; n++) {
    for (let above = parent[n]!; above !== -1; above = parent[above]!) {
      depth[n]!++
      const isNode = above >= 0 && above < parent.length
      if (!isNode || depth[n]! >= parent.length)
        throw new TaggerError(
          'bad-document',
          `Node ${n} of the taxonomy leads to no root; check its parents`,
          {
            data: { node: n },
          },
        )
    }
  }
  return depth
}
