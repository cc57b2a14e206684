import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { jsonlLine, readJsonl } from './jsonl.ts'
import { readTextLines } from './text.ts'

const read = (text: string) => [...readJsonl(text)]

describe('readJsonl', () => {
  test('reads objects, rows numbered by line, blank lines passed over', () => {
    expect(read('{"text":"a"}\r\n\n{"text":"b"}')).toEqual([
      { row: 1, data: { text: 'a' } },
      { row: 3, data: { text: 'b' } },
    ])
  })

  test('keeps the digits of numbers', () => {
    expect(read('{"id":12345678901234567890,"price":1.10,"n":{"x":1e400}}')).toEqual([
      { row: 1, data: { id: '12345678901234567890', price: '1.10', n: '{"x":1e400}' } },
    ])
  })

  test('keeps nested values as JSON text and null as nothing', () => {
    expect(read('{"a":{"b":[1,null,"x"]},"c":null,"d":true}')).toEqual([
      { row: 1, data: { a: '{"b":[1,null,"x"]}', c: '', d: 'true' } },
    ])
  })

  test('reports what is no object and reads on', () => {
    expect(read('nonsense\n[1]\n7\n"x"\nnull\n{"ok":"1"}')).toEqual([
      { row: 1, problem: 'this line is not JSON' },
      { row: 2, problem: 'this line is JSON, but not an object' },
      { row: 3, problem: 'this line is JSON, but not an object' },
      { row: 4, problem: 'this line is JSON, but not an object' },
      { row: 5, problem: 'this line is JSON, but not an object' },
      { row: 6, data: { ok: '1' } },
    ])
  })

  test('survives a line nested without end', () => {
    const [bomb, next] = read(`{"a":${'['.repeat(200_000)}${']'.repeat(200_000)}}\n{"ok":"1"}`)
    expect(bomb).toMatchObject({ row: 1, problem: expect.any(String) })
    expect(next).toEqual({ row: 2, data: { ok: '1' } })
  })

  test('refuses keys that would change an object', () => {
    expect(read('{"__proto__":"x"}')).toEqual([{ row: 1, problem: 'a column cannot be called "__proto__"' }])
  })

  test('reads back whatever was written', () => {
    const key = fc.stringMatching(/^[a-z]{1,8}$/)
    const row = fc.dictionary(key, fc.string({ unit: 'grapheme' }), { noNullPrototype: true })
    fc.assert(
      fc.property(fc.array(row), (rows) => {
        const back = read(rows.map(jsonlLine).join(''))
        expect(back).toEqual(rows.map((data, i) => ({ row: i + 1, data })))
      }),
    )
  })
})

describe('readTextLines', () => {
  test('reads lines whatever ends them', () => {
    expect([...readTextLines('a\r\n\n b \rc\n', 'text')]).toEqual([
      { row: 1, data: { text: 'a' } },
      { row: 3, data: { text: ' b ' } },
      { row: 4, data: { text: 'c' } },
    ])
  })
})
