/**
 * The one-to-one matching of rows and columns with the largest sum of gains; every gain is at least 0, a gain of 0 is
 * no match. The Hungarian method with potentials, O(rows² × columns) for the smaller side as rows.
 * @param gains rows × columns, row by row.
 * @returns per row its column, or −1.
 */
export function bestAssignment(gains: Float64Array, rows: number, columns: number): Int32Array {
  if (rows > columns) return transposed(gains, rows, columns)
  const rowPotential = new Float64Array(rows + 1)
  const columnPotential = new Float64Array(columns + 1)
  // Column 0 is a place outside: rows and columns count from 1 in here.
  const rowOf = new Int32Array(columns + 1)
  const before = new Int32Array(columns + 1)
  const slack = new Float64Array(columns + 1)
  const visited = new Uint8Array(columns + 1)
  for (let row = 1; row <= rows; row++) {
    rowOf[0] = row
    let column = 0
    slack.fill(Infinity)
    visited.fill(0)
    do {
      visited[column] = 1
      const at = rowOf[column]!
      let step = Infinity
      let next = 0
      for (let c = 1; c <= columns; c++) {
        if (visited[c] === 1) continue
        const reduced = -gains[(at - 1) * columns + c - 1]! - rowPotential[at]! - columnPotential[c]!
        if (reduced < slack[c]!) {
          slack[c] = reduced
          before[c] = column
        }
        if (slack[c]! < step) {
          step = slack[c]!
          next = c
        }
      }
      for (let c = 0; c <= columns; c++) {
        if (visited[c] === 1) {
          rowPotential[rowOf[c]!]! += step
          columnPotential[c]! -= step
        } else slack[c]! -= step
      }
      column = next
    } while (rowOf[column] !== 0)
    while (column !== 0) {
      const previous = before[column]!
      rowOf[column] = rowOf[previous]!
      column = previous
    }
  }
  const matched = new Int32Array(rows).fill(-1)
  for (let c = 1; c <= columns; c++) {
    const row = rowOf[c]! - 1
    if (row >= 0 && gains[row * columns + c - 1]! > 0) matched[row] = c - 1
  }
  return matched
}

function transposed(gains: Float64Array, rows: number, columns: number): Int32Array {
  const turned = new Float64Array(gains.length)
  for (let r = 0; r < rows; r++)
    for (let c = 0; c < columns; c++) turned[c * rows + r] = gains[r * columns + c]!
  const rowsOfColumns = bestAssignment(turned, columns, rows)
  const matched = new Int32Array(rows).fill(-1)
  rowsOfColumns.forEach((row, column) => {
    if (row >= 0) matched[row] = column
  })
  return matched
}
