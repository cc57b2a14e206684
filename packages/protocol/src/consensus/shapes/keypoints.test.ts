import { expect, test } from 'vitest'
import { draw, gaussian, seededRandom, shuffled } from '../../../test/seeded.ts'
import { type Keypoint, keypointConsensus, keypointSimilarity } from './keypoints.ts'
import type { ObjectAnswer } from './objects.ts'

const NAMES = ['nose', 'left eye', 'right eye', 'left ear', 'right ear']

/**
 * 100 faces of 100 pixels with five points, each hidden now and then; 5 of 10 workers: four careful, six with unsteady
 * hands who now and then swap left and right, or mark what is hidden.
 */
function crowd(seed: number) {
  const random = seededRandom(seed)
  const truth = new Map<string, Map<string, Keypoint>>()
  const answers: ObjectAnswer<Keypoint>[] = []
  for (let t = 0; t < 100; t++) {
    const real = NAMES.map((name) => ({ name, x: 100 * random(), y: 100 * random(), scale: 100 }))
    const visible = real.filter(() => random() < 0.75)
    truth.set(`i${t}`, new Map(visible.map((point) => [point.name, point])))
    for (const j of draw(random, 5, 10)) {
      const isCareful = j < 4
      const marked = real.filter((point) =>
        visible.includes(point) ? random() >= (isCareful ? 0.03 : 0.2) : random() < (isCareful ? 0.03 : 0.3),
      )
      const hand = isCareful ? 1 : 5
      const objects = marked.map((point) => {
        const from = !isCareful && random() < 0.15 ? real[Math.floor(5 * random())]! : point
        const shape = {
          ...point,
          x: from.x + hand * gaussian(random),
          y: from.y + hand * gaussian(random),
        }
        return { label: 'visible', shape }
      })
      answers.push({ item: `i${t}`, worker: `w${j}`, objects })
    }
  }
  return { truth, answers }
}

test('simulated markers: nearer than medians, and better at what is visible than votes', () => {
  const sums = { off: 0, medianOff: 0, wrong: 0, votesWrong: 0, points: 0 }
  for (const seed of [1, 2, 3]) {
    const { truth, answers } = crowd(seed)
    const { items } = keypointConsensus(answers)
    for (const [item, real] of truth) {
      const own = answers.filter((answer) => answer.item === item)
      for (const name of NAMES) {
        const found = items.get(item)!.find(({ shape }) => shape.name === name)
        const marks = own.flatMap(({ objects }) => objects.filter(({ shape }) => shape.name === name))
        const point = real.get(name)
        sums.wrong += (found !== undefined && found.confidence >= 0.5) === (point !== undefined) ? 0 : 1
        sums.votesWrong += 2 * marks.length > own.length === (point !== undefined) ? 0 : 1
        if (point === undefined || found === undefined) continue
        const median = (values: number[]) => {
          values.sort((a, b) => a - b)
          return (values[(values.length - 1) >> 1]! + values[values.length >> 1]!) / 2
        }
        sums.points++
        sums.off += Math.hypot(found.shape.x - point.x, found.shape.y - point.y)
        sums.medianOff += Math.hypot(
          median(marks.map(({ shape }) => shape.x)) - point.x,
          median(marks.map(({ shape }) => shape.y)) - point.y,
        )
      }
    }
  }
  expect(sums.off).toBeLessThan(0.7 * sums.medianOff)
  expect(sums.wrong).toBeLessThan(0.8 * sums.votesWrong)
})

test('two things of one name are told apart by where they are', () => {
  const nose = (x: number) => ({ label: 'visible', shape: { name: 'nose', x, y: 50, scale: 100 } })
  const answers = ['u', 'v', 'w'].map((worker, k) => ({
    item: 'i',
    worker,
    objects: k % 2 === 0 ? [nose(20 + k), nose(80 + k)] : [nose(80 + k), nose(20 + k)],
  }))
  const found = keypointConsensus(answers).items.get('i')!
  expect(found.map(({ shape }) => Math.floor(shape.x / 10)).sort()).toEqual([2, 8])
  expect(keypointSimilarity(nose(1).shape, nose(1).shape)).toBe(1)
})

test('the same bits for any order; careful markers earn more; what is no point is left out', () => {
  const { answers } = crowd(4)
  const { items, quality } = keypointConsensus(answers)
  expect([...keypointConsensus(shuffled(answers, seededRandom(1))).items]).toEqual([...items])
  const meanOf = (isWanted: (worker: number) => boolean) => {
    const own = answers.filter(({ worker }) => isWanted(Number(worker.slice(1))))
    return own.reduce((sum, { item, worker }) => sum + quality(item, worker), 0) / own.length
  }
  expect(meanOf((worker) => worker < 4)).toBeGreaterThan(meanOf((worker) => worker >= 4) + 0.1)
  const bad = [
    { name: 'nose', x: Number.NaN, y: 1, scale: 1 },
    { name: 'nose', x: 1, y: 1, scale: 0 },
  ].map((shape) => ({ label: 'visible', shape }))
  expect(keypointConsensus([{ item: 'i', worker: 'w', objects: bad }]).items.get('i')).toEqual([])
})
