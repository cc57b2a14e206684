/**
 * Rounds each row of a matrix to whole numbers and keeps its sum: what rounding lost or added goes to the entries it
 * moved most. Halves go to the even neighbor.
 */
export function roundKeepingSum(matrix: Float64Array, width: number): Int32Array {
  const rounded = new Int32Array(matrix.length)
  for (let from = 0; from < matrix.length; from += width) {
    rounded.set(roundRow(matrix.subarray(from, from + width)), from)
  }
  return rounded
}

function roundRow(row: Float64Array): Int32Array {
  const whole = Int32Array.from(row, roundHalfEven)
  let missing = roundHalfEven(sum(row)) - sum(whole)
  while (missing !== 0) {
    const up = missing > 0
    const byLoss = Array.from(row, (_, index) => index).sort(
      (a, b) => row[a]! - whole[a]! - (row[b]! - whole[b]!) || a - b,
    )
    if (up) byLoss.reverse()
    for (const index of byLoss.slice(0, Math.abs(missing))) whole[index]! += up ? 1 : -1
    missing = roundHalfEven(sum(row)) - sum(whole)
  }
  return whole
}

function roundHalfEven(x: number): number {
  const below = Math.floor(x)
  if (x - below !== 0.5) return Math.floor(x + 0.5)
  return below % 2 === 0 ? below : below + 1
}

function sum(values: ArrayLike<number>): number {
  let total = 0
  for (let i = 0; i < values.length; i++) total += values[i]!
  return total
}
