import { expect, test } from 'vitest'
import { addRows, multiplyRows } from './rows.ts'

test.for([
  1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 13,
])('%i columns at a time give the bits of the plain loops', (width) => {
  const table = Float64Array.from({ length: 9 * width }, (_, i) => 0.1 + ((i * 37) % 101) / 97)
  const cells = Int32Array.of(3, 0, 8, 3, 5).map((row) => row * width)
  const row = Float64Array.from({ length: width }, (_, s) => 1 / (s + 3))
  const [product, sums] = [row.slice(), table.slice()]
  for (let i = 1; i < 5; i++)
    for (let s = 0; s < width; s++) {
      product[s]! *= table[cells[i]! + s]!
      sums[cells[i]! + s]! += row[s]!
    }
  const [multiplied, added] = [row.slice(), table.slice()]
  multiplyRows(multiplied, table, cells, 1, 5)
  addRows(added, cells, 1, 5, row)
  expect(multiplied).toEqual(product)
  expect(added).toEqual(sums)
})
