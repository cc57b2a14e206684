import { describe, expect, test } from 'vitest'
import { seededRandom, shuffled } from '../../../test/seeded.ts'
import { TaggerError } from '../../errors.ts'
import type { NamedAnswer } from '../answer-table.ts'
import { addTransitions, believe, bestPath, pathProbability } from './chain.ts'
import { tagConsensus } from './tag-consensus.ts'
import { repairTags, spansOfTags, tagAgreement, tagSetOf } from './tags.ts'

const tags = (text: string) => text.split(' ').filter((tag) => tag !== '')

describe('tags', () => {
  test('an I that continues nothing begins a span; plain tags are spans of one token', () => {
    expect(repairTags(tags('I-a I-a I-b O I-b'))).toEqual(tags('B-a I-a B-b O B-b'))
    expect(spansOfTags(tags('B-a I-a B-a O I-b noun'))).toEqual([
      { start: 0, end: 2, label: 'a' },
      { start: 2, end: 3, label: 'a' },
      { start: 4, end: 5, label: 'b' },
      { start: 5, end: 6, label: 'noun' },
    ])
  })

  test('agreement is span F1', () => {
    expect(tagAgreement(tags('B-a I-a O B-b'), tags('B-a I-a O B-c'))).toBe(0.5)
    expect(tagAgreement(tags('O O'), tags('O O'))).toBe(1)
    expect(tagAgreement(tags('B-a I-a'), tags('B-a O'))).toBe(0)
  })

  test('refuses more tags than it can bear', () => {
    expect(() => tagSetOf([Array.from({ length: 200 }, (_, i) => `B-${i}`)])).toThrow(TaggerError)
  })
})

test('probabilities of a chain are those of all its paths, one by one', () => {
  const random = seededRandom(3)
  const [width, length] = [3, 4]
  const share = () => 0.1 + random()
  const normalized = (count: number) => {
    const values = Array.from({ length: count }, share)
    const total = values.reduce((a, b) => a + b)
    return values.map((value) => value / total)
  }
  const transitions = {
    width,
    first: Float64Array.from(normalized(width)),
    next: Float64Array.from([...normalized(width), ...normalized(width), ...normalized(width)]),
  }
  const likelihoods = Array.from({ length: length * width }, share)
  const paths = Array.from({ length: width ** length }, (_, code) =>
    Array.from({ length }, (_, t) => Math.floor(code / width ** t) % width),
  )
  const weigh = (path: number[]) =>
    path.reduce((product, tag, t) => {
      const before = t === 0 ? transitions.first[tag]! : transitions.next[path[t - 1]! * width + tag]!
      return product * before * likelihoods[t * width + tag]!
    }, 1)
  const total = paths.reduce((sum, path) => sum + weigh(path), 0)
  const shareOf = (is: (path: number[]) => boolean) =>
    paths.filter(is).reduce((sum, path) => sum + weigh(path), 0) / total

  const chain = believe(Float64Array.from(likelihoods, Math.log), transitions)
  expect(pathProbability(chain, transitions, 1, [2, 0])).toBeCloseTo(
    shareOf((path) => path[1] === 2 && path[2] === 0),
    12,
  )
  expect(pathProbability(chain, transitions, 0, [1, 1], 1)).toBeCloseTo(
    shareOf((path) => path[0] === 1 && path[1] === 1 && path[2] !== 1),
    12,
  )
  expect(pathProbability(chain, transitions, 2, [0, 1], 1)).toBeCloseTo(
    shareOf((path) => path[2] === 0 && path[3] === 1),
    12,
  )
  const [firsts, pairs] = [new Float64Array(width), new Float64Array(width * width)]
  addTransitions(chain, transitions, firsts, pairs)
  expect(firsts[1]).toBeCloseTo(
    shareOf((path) => path[0] === 1),
    12,
  )
  expect(pairs[2 * width + 1]).toBeCloseTo(
    [1, 2, 3].reduce((sum, t) => sum + shareOf((path) => path[t - 1] === 2 && path[t] === 1), 0),
    12,
  )
  const best = paths.reduce((a, b) => (weigh(b) > weigh(a) ? b : a))
  expect(bestPath(chain, transitions)).toEqual(best)
})

/**
 * Texts of 12 tokens with about two names each. Two workers find nearly all, one of the others finds half, one cuts
 * names short, one calls half of the x names y.
 */
function crowd(seed: number, items: number) {
  const random = seededRandom(seed)
  const truth = new Map<string, string[]>()
  const answers: NamedAnswer<string[]>[] = []
  const habits = [
    { miss: 0.03, short: 0.02, swap: 0.02 },
    { miss: 0.03, short: 0.02, swap: 0.02 },
    { miss: 0.5, short: 0.1, swap: 0.1 },
    { miss: 0.1, short: 0.7, swap: 0.1 },
    { miss: 0.1, short: 0.1, swap: 0.6 },
  ]
  for (let item = 0; item < items; item++) {
    const right = new Array<string>(12).fill('O')
    const names: { start: number; end: number; kind: string }[] = []
    for (let at = 0; at < 12; at++) {
      if (random() > 0.17) continue
      const end = Math.min(12, at + 1 + Math.floor(random() * 3))
      names.push({ start: at, end, kind: random() < 0.6 ? 'x' : 'y' })
      at = end
    }
    const write = (into: string[], start: number, end: number, kind: string) => {
      for (let i = start; i < end; i++) into[i] = `${i === start ? 'B' : 'I'}-${kind}`
    }
    for (const { start, end, kind } of names) write(right, start, end, kind)
    truth.set(`i${item}`, right)
    habits.forEach(({ miss, short, swap }, worker) => {
      const answer = new Array<string>(12).fill('O')
      for (const { start, end, kind } of names) {
        if (random() < miss) continue
        const until = end - start > 1 && random() < short ? end - 1 : end
        write(answer, start, until, kind === 'x' && random() < swap ? 'y' : kind)
      }
      answers.push({ item: `i${item}`, worker: `w${worker}`, answer })
    })
  }
  return { truth, answers }
}

function f1Of(truth: ReadonlyMap<string, readonly string[]>, tagsOf: (item: string) => readonly string[]) {
  let [right, found, there] = [0, 0, 0]
  for (const [item, reference] of truth) {
    const own = new Set(spansOfTags(reference).map((span) => JSON.stringify(span)))
    const spans = spansOfTags(tagsOf(item))
    right += spans.filter((span) => own.has(JSON.stringify(span))).length
    found += spans.length
    there += own.size
  }
  return (2 * right) / (found + there)
}

function majorityTags(answers: readonly NamedAnswer<string[]>[], item: string): string[] {
  const own = answers.filter((answer) => answer.item === item).map(({ answer }) => answer)
  return own[0]!.map((_, token) => {
    const votes = new Map<string, number>()
    for (const answer of own) votes.set(answer[token]!, (votes.get(answer[token]!) ?? 0) + 1)
    return [...votes].reduce((best, vote) => (vote[1] > best[1] ? vote : best))[0]
  })
}

describe('consensus of tags', () => {
  test('learns who misses, cuts short and confuses: better than the majority of each token', () => {
    for (const seed of [1, 2, 3]) {
      const { truth, answers } = crowd(seed, 150)
      const { table, find } = tagConsensus(answers)
      const found = new Map(table.items.map((item, index) => [item, find(index).tags]))
      const consensus = f1Of(truth, (item) => found.get(item)!)
      const majority = f1Of(truth, (item) => majorityTags(answers, item))
      expect(1 - consensus).toBeLessThan(0.5 * (1 - majority))
      expect(consensus).toBeGreaterThan(0.97)
    }
  })

  test('results keep to BIO and say how sure they are', () => {
    const { answers } = crowd(4, 40)
    const { table, find } = tagConsensus(answers)
    table.items.forEach((_, item) => {
      const { tags: sequence, confidence, spans } = find(item)
      expect(repairTags(sequence)).toEqual(sequence)
      expect(spans.map(({ start, end, label }) => ({ start, end, label }))).toEqual(spansOfTags(sequence))
      for (const probability of [confidence, ...spans.map((span) => span.probability)]) {
        expect(probability).toBeGreaterThan(0)
        expect(probability).toBeLessThanOrEqual(1)
      }
    })
  })

  test('known sequences show how alike the errors of a crowd are', () => {
    const { truth, answers } = crowd(9, 150)
    // Everyone makes the mistakes of the first: a crowd that copies.
    const copied = answers.map((answer) => ({
      ...answer,
      answer: answers.find(({ item, worker }) => item === answer.item && worker === 'w2')!.answer,
    }))
    const meanConfidence = (known?: ReadonlyMap<string, string[]>) => {
      const { table, find } = tagConsensus(copied, known)
      const open = table.items.flatMap((item, index) => (known?.has(item) ? [] : [find(index).confidence]))
      return open.reduce((a, b) => a + b) / open.length
    }
    expect(meanConfidence(new Map([...truth].slice(0, 50)))).toBeLessThan(meanConfidence() - 0.1)
  })

  test('the same for any order of the answers', () => {
    const { answers } = crowd(5, 30)
    const read = (given: typeof answers) => {
      const { table, find, quality } = tagConsensus(given)
      return [table.items.map((_, i) => find(i)), table.answer.map((_, i) => quality(i))]
    }
    const reference = read(answers)
    for (const seed of [1, 2]) expect(read(shuffled(answers, seededRandom(seed)))).toEqual(reference)
  })

  test('golden bits: the same on every engine', () => {
    const { find, quality } = tagConsensus(crowd(7, 20).answers)
    expect([find(0).confidence, find(7).confidence, quality(4)]).toMatchInlineSnapshot(`
      [
        0.9737382999743008,
        0.9910713622815499,
        0.6626463731739679,
      ]
    `)
  })

  test('an answer is judged by the others, not by itself', () => {
    const { answers } = crowd(6, 60)
    const judged = (answer: string) => {
      const own = ['B-x I-x O O', 'B-x I-x O O', answer].map((text, worker) => ({
        item: 'judged',
        worker: `w${[0, 1, 3][worker]}`,
        answer: tags(text),
      }))
      const { table, quality } = tagConsensus([...answers, ...own])
      return quality(table.start[table.items.indexOf('judged')]! + 2)
    }
    expect(judged('B-x I-x O O')).toBeGreaterThan(0.9)
    expect(judged('B-x I-x O B-y')).toBeGreaterThan(0.55)
    expect(judged('B-x I-x O B-y')).toBeLessThan(0.75)
    expect(judged('B-x O O O')).toBeLessThan(0.1)
    expect(judged('O O O O')).toBeLessThan(0.1)
    expect(judged('B-x I-x O')).toBe(0)
  })

  test('known tags are the answer, and show who is right', () => {
    const known = new Map(Array.from({ length: 10 }, (_, i) => [`k${i}`, tags('O B-x I-x O')]))
    const answers = [...known.keys(), 'open'].flatMap((item) =>
      ['B-x I-x O', 'O O O', 'O O O'].map((text, worker) => ({
        item,
        worker: `w${worker}`,
        answer: tags(`O ${text}`),
      })),
    )
    const read = (given?: typeof known) => {
      const { table, find } = tagConsensus(answers, given)
      return find(table.items.indexOf('open')).tags
    }
    expect(read()).toEqual(tags('O O O O'))
    expect(read(known)).toEqual(tags('O B-x I-x O'))
  })

  test('hostile answers: none, empty, of other lengths, without anything shared', () => {
    expect(tagConsensus([]).table.items).toEqual([])
    const given = (...answers: string[]) => {
      const named = answers.map((text, worker) => ({ item: 'a', worker: `w${worker}`, answer: tags(text) }))
      const { find, quality } = tagConsensus(named)
      return { tags: find(0).tags.join(' '), qualities: answers.map((_, index) => quality(index)) }
    }
    expect(given('').tags).toBe('')
    expect(given('O B-x', 'O B-x', `${'B-y '.repeat(5000)}`).tags).toBe('O B-x')
    const strange = given('B-a I-b', 'I-c I-c', 'noun verb', 'O O')
    expect(repairTags(tags(strange.tags))).toEqual(tags(strange.tags))
    for (const quality of strange.qualities) expect(quality >= 0 && quality <= 1).toBe(true)
    const many = given(...Array.from({ length: 300 }, (_, i) => (i % 3 === 0 ? 'O O O' : 'B-x I-x O')))
    expect(many.tags).toBe('B-x I-x O')
  })
})
