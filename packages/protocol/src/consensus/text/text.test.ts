import { describe, expect, test } from 'vitest'
import { seededRandom, shuffled } from '../../../test/seeded.ts'
import { alignTexts, editDistance } from './alignment.ts'
import { textAgreement, textConsensus } from './text.ts'
import { MAX_WORDS, wordsOf } from './words.ts'

const answersOf = (texts: Record<string, readonly string[]>) =>
  Object.entries(texts).flatMap(([item, own]) =>
    own.map((answer, index) => ({ item, worker: `w${index}`, answer })),
  )
const textsOf = (texts: Record<string, readonly string[]>, known?: ReadonlyMap<string, string>) => {
  const { table, text } = textConsensus(answersOf(texts), known)
  return Object.fromEntries(table.items.map((item, index) => [item, text(index).text]))
}

/** Careful workers miss one word in twenty, the others one in two; all write the same words otherwise. */
function crowd(seed: number) {
  const random = seededRandom(seed)
  const truth = new Map<string, string[]>()
  const answers = []
  for (let item = 0; item < 60; item++) {
    const words = Array.from({ length: 12 }, () => `word${Math.floor(random() * 300)}`)
    truth.set(`i${item}`, words)
    for (let worker = 0; worker < 5; worker++) {
      const slip = worker < 2 ? 0.05 : 0.5
      const heard = words.flatMap((word) => {
        if (random() >= slip) return [word]
        // Slips of the careless are alike: the wrong word is one of two.
        const kind = random()
        return kind < 0.2 ? [] : kind < 0.3 ? [word, 'and'] : [`${word}${kind < 0.65 ? 's' : 'ed'}`]
      })
      answers.push({ item: `i${item}`, worker: `w${worker}`, answer: heard.join(' ') })
    }
  }
  return { truth, answers }
}

describe('words', () => {
  test('keys ignore case and punctuation, forms keep them', () => {
    const { keys, forms } = wordsOf('  “Don’t,” said  Al; well-known (5.5 km)!\n')
    expect(keys).toEqual(["don't", 'said', 'al', 'well', 'known', '5', '5', 'km'])
    expect(forms.join('')).toBe('“Don’t,” said Al; well-known (5.5 km)! ')
  })

  test('scripts without spaces are split by character', () => {
    const { keys, forms } = wordsOf('猫が好き。Hello 世界')
    expect(keys).toEqual(['猫', 'が', '好', 'き', 'hello', '世', '界'])
    expect(forms.join('')).toBe('猫が好き。Hello 世界')
  })

  test('a text without words has none, a huge one is cut', () => {
    expect(wordsOf(' …  -- ').keys).toEqual([])
    expect(wordsOf('a '.repeat(MAX_WORDS + 5)).keys).toHaveLength(MAX_WORDS)
  })
})

describe('consensus', () => {
  test('mixes the right words of answers none of which is right, and keeps how they were written', () => {
    expect(
      textsOf({
        a: [
          'The quick brown fox jumps over a dog.',
          'the quick brawn fox jumps over the dog',
          'The brown fox jumps over the dog.',
        ],
      }),
    ).toEqual({ a: 'The quick brown fox jumps over the dog.' })
  })

  test('takes a whole answer where texts differ altogether', () => {
    const texts = [
      'tomorrow we shall see',
      'see you tomorrow then',
      'until tomorrow, we shall see',
      'never mind that',
    ]
    expect(texts.map((text) => text.trim())).toContain(textsOf({ a: texts }).a)
  })

  test('learns who is careful: fewer word errors than ROVER’s equal votes would leave', () => {
    for (const seed of [1, 2, 3]) {
      const { truth, answers } = crowd(seed)
      const { table, text, error } = textConsensus(answers)
      let wrong = 0
      table.items.forEach((item, index) => {
        wrong += 1 - textAgreement(text(index).text, truth.get(item)!.join(' '))
      })
      // Equal votes leave about 0.1: two of three careless ones often slip alike.
      expect(wrong / table.items.length).toBeLessThan(0.05)
      expect(Math.max(error[0]!, error[1]!)).toBeLessThan(0.6 * Math.min(error[2]!, error[3]!, error[4]!))
    }
  })

  test('the same for any order of the answers', () => {
    const { answers } = crowd(4)
    const read = (given: typeof answers) => {
      const { table, text, error, quality } = textConsensus(given)
      return [table.items.map((_, i) => text(i)), error, table.answer.map((_, i) => quality(i))]
    }
    const reference = read(answers)
    for (const seed of [1, 2]) expect(read(shuffled(answers, seededRandom(seed)))).toEqual(reference)
  })

  test('golden bits: the same on every engine', () => {
    const { text, error } = textConsensus(crowd(6).answers.slice(0, 100))
    expect([text(3).confidence, error[0], error[4]]).toMatchInlineSnapshot(`
      [
        0.8710736025665052,
        0.09917840375586855,
        0.4477699530516432,
      ]
    `)
  })

  test('a known text is the answer and shows who is right', () => {
    const truth = new Map(Array.from({ length: 8 }, (_, i) => [`k${i}`, `item number ${i} says this`]))
    const texts: Record<string, string[]> = { open: ['yes it was', 'no it was not', 'no it was not'] }
    for (const [item, text] of truth) texts[item] = [text, 'wrong words here', 'wrong words here']
    expect(textsOf(texts, truth)).toEqual({ ...Object.fromEntries(truth), open: 'yes it was' })
    expect(textsOf(texts).open).toBe('no it was not')
  })

  test('an answer is judged by the others, not by itself', () => {
    const qualities = (last: string) =>
      textConsensus(answersOf({ a: ['one two three four', 'one two three four', last] }))
    expect(qualities('One, two, three, four!').quality(2)).toBe(1)
    expect(qualities('one two three').quality(2)).toBe(0.75)
    expect(qualities('something else').quality(2)).toBe(0)
    expect(textConsensus(answersOf({ a: ['alone'] })).quality(0)).toBe(0)
  })
})

describe('hostile answers', () => {
  test('nothing, empty texts and texts without anything shared', () => {
    expect(textConsensus([]).table.items).toEqual([])
    expect(textsOf({ a: [''], b: ['', '...', ''], c: ['', 'word', 'word'] })).toEqual({
      a: '',
      b: '',
      c: 'word',
    })
    expect(textsOf({ a: ['x', 'y'] })).toEqual({ a: 'x' })
  })

  test('huge texts cost a bounded time and do not win', { timeout: 60_000 }, () => {
    const flood = (word: string) => `${word} `.repeat(30_000)
    const texts = ['a plain answer', 'a plain answer', 'a plain answer', flood('a'), flood('b a')]
    expect(textsOf({ a: texts }).a).toBe('a plain answer')
  })

  test('of very many answers the most central vote, and all are judged', () => {
    const texts = Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? `odd ${i}` : 'the usual words'))
    const { text, quality } = textConsensus(
      texts.map((answer, i) => ({ item: 'a', worker: `w${String(i).padStart(3, '0')}`, answer })),
    )
    expect(text(0).text).toBe('the usual words')
    expect([quality(0), quality(1), quality(298)]).toEqual([0, 1, 1])
  })

  test('refuses a second answer of a worker', () => {
    const twice = ['a', 'b'].map((answer) => ({ item: 'x', worker: 'w', answer }))
    expect(() => textConsensus(twice)).toThrow('answers item x twice')
  })
})

test('edit distance agrees with the plain recursion; an alignment keeps every word in order', () => {
  const plain = (a: number[], b: number[]): number =>
    a.length === 0 || b.length === 0
      ? a.length + b.length
      : Math.min(
          plain(a.slice(1), b) + 1,
          plain(a, b.slice(1)) + 1,
          plain(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1),
        )
  const random = seededRandom(5)
  const text = () => Array.from({ length: Math.floor(random() * 6) }, () => Math.floor(random() * 3))
  for (let run = 0; run < 100; run++) {
    const texts = [text(), text(), text()]
    expect(editDistance(Int32Array.from(texts[0]!), Int32Array.from(texts[1]!))).toBe(
      plain(texts[0]!, texts[1]!),
    )
    const network = alignTexts(
      texts.map((words) => Int32Array.from(words)),
      [2, 0, 1],
    )
    texts.forEach((words, index) => {
      const own = [...network.text.keys()].filter((entry) => network.text[entry] === index)
      expect(own.map((entry) => network.word[entry])).toEqual(words)
      expect(own.map((entry) => network.place[entry])).toEqual(words.map((_, place) => place))
    })
  }
})
