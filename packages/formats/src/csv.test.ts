import { TaggerError } from '@tagger/protocol'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { csvLine, inertCell, readCsv } from './csv.ts'

const read = (text: string) => [...readCsv(text)]

describe('readCsv', () => {
  test('reads cells by column and numbers rows as a spreadsheet does', () => {
    expect(read('id,text\n1,hello\n2,world\n')).toEqual([
      { row: 2, data: { id: '1', text: 'hello' } },
      { row: 3, data: { id: '2', text: 'world' } },
    ])
  })

  test('keeps delimiters, line breaks and doubled quotes of quoted cells', () => {
    expect(read('a,b\r\n"x, y","say ""hi""\nand go"\r\n')).toEqual([
      { row: 2, data: { a: 'x, y', b: 'say "hi"\nand go' } },
    ])
  })

  test('takes semicolons and tabs when the header has them', () => {
    expect(read('a;b\n1,5;2')).toEqual([{ row: 2, data: { a: '1,5', b: '2' } }])
    expect(read('a\tb\n1\t2')).toEqual([{ row: 2, data: { a: '1', b: '2' } }])
    expect(read('"a;b;c",d\n1,2')).toEqual([{ row: 2, data: { 'a;b;c': '1', d: '2' } }])
  })

  test('keeps an empty last cell, with and without a line break at the end', () => {
    expect(read('a,b\n1,')).toEqual([{ row: 2, data: { a: '1', b: '' } }])
    expect(read('a,b\n1,\n')).toEqual([{ row: 2, data: { a: '1', b: '' } }])
  })

  test('reports a row with too many or too few cells and reads on', () => {
    expect(read('a,b\n1\n2,3,4\n5,6\n')).toEqual([
      { row: 2, problem: '1 cells where the header has 2' },
      { row: 3, problem: '3 cells where the header has 2' },
      { row: 4, data: { a: '5', b: '6' } },
    ])
  })

  test('passes over blank lines but not over an empty cell of a single column', () => {
    expect(read('a,b\n\n1,2\n\n')).toEqual([{ row: 3, data: { a: '1', b: '2' } }])
    expect(read('a\n\nx\n')).toEqual([
      { row: 2, data: { a: '' } },
      { row: 3, data: { a: 'x' } },
    ])
  })

  test('reports a quote that is never closed where it was opened', () => {
    expect(read('a,b\n1,2\n3,"4\n5,6\n')).toEqual([
      { row: 2, data: { a: '1', b: '2' } },
      {
        row: 3,
        problem: 'a quote opened here is never closed; everything after it is part of this row',
      },
    ])
  })

  test('reports text after a closing quote', () => {
    expect(read('a\n"x"y\nz')).toEqual([
      { row: 2, problem: 'text follows a closing quote' },
      { row: 3, data: { a: 'z' } },
    ])
  })

  test.each([
    ['', 'it is empty'],
    ['a,,b\n1,2,3', 'a column has no name'],
    ['a,b,a\n1,2,3', 'two columns are called "a"'],
    ['a,__proto__\n1,2', 'a column cannot be called "__proto__"'],
    ['a,b\u202etxt\n1,2', 'a column name holds control characters'],
    [`a,${'x'.repeat(101)}\n1,2`, 'is longer than 100 characters'],
    ['"a,b\n1,2', 'is never closed'],
  ])('refuses the header of %j', (text, reason) => {
    const refusal = () => read(text)
    expect(refusal).toThrow(TaggerError)
    expect(refusal).toThrow(reason)
  })

  test('reads back whatever was written', () => {
    const cell = fc.string({ unit: 'grapheme' })
    const table = fc
      .integer({ min: 1, max: 5 })
      .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 20 }))
    fc.assert(
      fc.property(table, (rows) => {
        const columns = (rows[0] ?? ['only']).map((_, i) => `column ${i}`)
        const text = csvLine(columns) + rows.map(csvLine).join('')
        // A blank line of a table with one column is its empty cell; with more it cannot be written.
        const expected = rows.map((cells, i) => ({
          row: i + 2,
          data: Object.fromEntries(columns.map((column, j) => [column, cells[j]])),
        }))
        expect(read(text)).toEqual(expected)
      }),
    )
  })
})

describe('inertCell', () => {
  test.each(['=1+1', '@SUM(A1)', '+cmd|x', '-2+3', '\t=1'])('disarms %j', (cell) => {
    expect(inertCell(cell)).toBe(`'${cell}`)
  })

  test.each(['-12.5', '+7', '1,000', 'plain', '', 'a=b'])('leaves %j as it is', (cell) => {
    expect(inertCell(cell)).toBe(cell)
  })
})
