/*
 * The two inner loops of every model of worker tables, five and two columns at a time: what they read stays in registers,
 * which halves the time of an iteration. The order of operations on each number is that of the plain loops.
 */

/** row[s] × table[cells[i] + s] for i from `from` to before `to`, in that order. */
export function multiplyRows(
  row: Float64Array,
  table: Float64Array,
  cells: Int32Array,
  from: number,
  to: number,
): void {
  const width = row.length
  let s = 0
  for (; s + 4 < width; s += 5) {
    let a = row[s]!
    let b = row[s + 1]!
    let c = row[s + 2]!
    let d = row[s + 3]!
    let e = row[s + 4]!
    for (let i = from; i < to; i++) {
      const cell = cells[i]! + s
      a *= table[cell]!
      b *= table[cell + 1]!
      c *= table[cell + 2]!
      d *= table[cell + 3]!
      e *= table[cell + 4]!
    }
    row[s] = a
    row[s + 1] = b
    row[s + 2] = c
    row[s + 3] = d
    row[s + 4] = e
  }
  for (; s + 1 < width; s += 2) {
    let a = row[s]!
    let b = row[s + 1]!
    for (let i = from; i < to; i++) {
      const cell = cells[i]! + s
      a *= table[cell]!
      b *= table[cell + 1]!
    }
    row[s] = a
    row[s + 1] = b
  }
  if (s < width) {
    let a = row[s]!
    for (let i = from; i < to; i++) a *= table[cells[i]! + s]!
    row[s] = a
  }
}

/** table[cells[i] + s] + row[s] for i from `from` to before `to`, in that order. */
export function addRows(
  table: Float64Array,
  cells: Int32Array,
  from: number,
  to: number,
  row: Float64Array,
): void {
  const width = row.length
  let s = 0
  for (; s + 4 < width; s += 5) {
    const a = row[s]!
    const b = row[s + 1]!
    const c = row[s + 2]!
    const d = row[s + 3]!
    const e = row[s + 4]!
    for (let i = from; i < to; i++) {
      const cell = cells[i]! + s
      table[cell]! += a
      table[cell + 1]! += b
      table[cell + 2]! += c
      table[cell + 3]! += d
      table[cell + 4]! += e
    }
  }
  for (; s + 1 < width; s += 2) {
    const a = row[s]!
    const b = row[s + 1]!
    for (let i = from; i < to; i++) {
      const cell = cells[i]! + s
      table[cell]! += a
      table[cell + 1]! += b
    }
  }
  if (s < width) {
    const a = row[s]!
    for (let i = from; i < to; i++) table[cells[i]! + s]! += a
  }
}
