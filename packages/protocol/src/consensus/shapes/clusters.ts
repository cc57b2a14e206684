import { bestAssignment } from './assignment.ts'

const ROUNDS = 4

/**
 * Shapes of several workers on one item to clusters that mean the same thing, at most one shape of a worker in each.
 * Workers join one after the other, those with most shapes first, each by the matching with the largest sum of
 * likeness to the clusters; then each is taken out and matched again until nothing moves.
 * @param start shapes of worker j are start[j] up to start[j + 1].
 * @param alike shapes × shapes: how much two are the same, 0 to 1.
 * @param least mean likeness to the members of a cluster that still counts as the same thing.
 * @returns per shape its cluster, numbered from 0 in the order of the shapes.
 */
export function clusterShapes(start: Int32Array, alike: Float32Array, least: number): Int32Array {
  const workers = start.length - 1
  const shapes = start[workers]!
  const cluster = new Int32Array(shapes).fill(-1)
  const members: number[][] = []
  const order = Array.from({ length: workers }, (_, j) => j)
  order.sort((a, b) => size(b) - size(a) || a - b)
  for (const j of order) join(j)
  for (let round = 0; round < ROUNDS; round++) {
    const before = cluster.slice()
    for (const j of order) {
      leave(j)
      join(j)
    }
    if (same(before, cluster)) break
  }
  return renumber(cluster)

  function size(j: number) {
    return start[j + 1]! - start[j]!
  }

  function leave(j: number) {
    for (let i = start[j]!; i < start[j + 1]!; i++) {
      const own = members[cluster[i]!]!
      own.splice(own.indexOf(i), 1)
      cluster[i] = -1
    }
  }

  function join(j: number) {
    const rows = size(j)
    const open = members.flatMap((own, index) => (own.length > 0 ? [index] : []))
    const gains = new Float64Array(rows * open.length)
    for (let r = 0; r < rows; r++)
      for (let c = 0; c < open.length; c++) {
        const own = members[open[c]!]!
        let sum = 0
        for (const other of own) sum += alike[(start[j]! + r) * shapes + other]!
        const mean = sum / own.length
        if (mean >= least) gains[r * open.length + c] = mean
      }
    const matched = bestAssignment(gains, rows, open.length)
    for (let r = 0; r < rows; r++) {
      const index = matched[r]! >= 0 ? open[matched[r]!]! : members.push([]) - 1
      members[index]!.push(start[j]! + r)
      cluster[start[j]! + r] = index
    }
  }
}

function same(a: Int32Array, b: Int32Array): boolean {
  for (let i = 0; i < a.length; i++) if (a[i] !== b[i]) return false
  return true
}

function renumber(cluster: Int32Array): Int32Array {
  const numbers = new Map<number, number>()
  return cluster.map((index) => {
    if (!numbers.has(index)) numbers.set(index, numbers.size)
    return numbers.get(index)!
  })
}
