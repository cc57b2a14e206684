import { boxConsensus, type Labeled, type RotatedBox, rotatedIou } from '@tagger/protocol'
import { describe, rowsOf, type SetReport } from './set-report.ts'

/** A data set of upright boxes: who marked what where, and what experts marked. */
interface BoxSet {
  answers: { item: string; worker: string; objects: Labeled<RotatedBox>[] }[]
  truth: Map<string, RotatedBox[]>
}

/**
 * F1 of the consensus of boxes on a set of the kind `bbox` at an intersection over union of 0.5, results matched to the
 * experts' boxes greedily, beside naive voting (greedy grouping at 0.3, median of each side, more than half of the
 * workers) in the same run. `methods` has both at 0.5 and 0.7, and the consensus when one truth in twenty is known.
 */
export async function evaluate(folder: string): Promise<SetReport> {
  const { name, kind } = describe(folder)
  const set = read(folder)
  const naive = naiveVotes(set)
  const consensus = believed(boxConsensus(set.answers))
  const known = everyTwentieth(set)
  const taught = believed(boxConsensus(set.answers, known))
  const untaught = new Map([...set.truth].filter(([item]) => !known.has(item)))
  return {
    name,
    kind,
    labels: set.answers.reduce((sum, { objects }) => sum + objects.length, 0),
    labelsPerTask: set.answers.length / new Set(set.answers.map(({ item }) => item)).size,
    measure: 'F1 at IoU 0.5',
    value: f1(consensus, set.truth, 0.5),
    baseline: f1(naive, set.truth, 0.5),
    methods: {
      'naive 0.5': f1(naive, set.truth, 0.5),
      'naive 0.7': f1(naive, set.truth, 0.7),
      'consensus 0.5': f1(consensus, set.truth, 0.5),
      'consensus 0.7': f1(consensus, set.truth, 0.7),
      'consensus 0.5, 1 in 20 known': f1(taught, untaught, 0.5),
      'consensus 0.7, 1 in 20 known': f1(taught, untaught, 0.7),
    },
  }
}

function read(folder: string): BoxSet {
  const answers = new Map<string, { item: string; worker: string; objects: Labeled<RotatedBox>[] }>()
  for (const [worker, item] of rowsOf(folder, 'assignments.csv'))
    answers.set(`${worker} ${item}`, { item: item!, worker: worker!, objects: [] })
  for (const [worker, item, ...corners] of rowsOf(folder, 'labels.csv'))
    answers.get(`${worker} ${item}`)!.objects.push({ label: '', shape: boxOf(corners) })
  const truth = new Map<string, RotatedBox[]>(rowsOf(folder, 'truth_tasks.csv').map(([item]) => [item!, []]))
  for (const [item, ...corners] of rowsOf(folder, 'truth.csv')) truth.get(item!)!.push(boxOf(corners))
  return { answers: [...answers.values()], truth }
}

function boxOf(corners: readonly string[]): RotatedBox {
  const [x, y, right, bottom] = corners.map(Number) as [number, number, number, number]
  return { x, y, width: right - x, height: bottom - y, rotation: 0 }
}

function believed({ items }: ReturnType<typeof boxConsensus>): Map<string, RotatedBox[]> {
  return new Map(
    [...items].map(([item, found]) => [
      item,
      found.filter(({ confidence }) => confidence >= 0.5).map(({ shape }) => shape),
    ]),
  )
}

function everyTwentieth({ truth }: BoxSet) {
  const items = [...truth.keys()].filter((_, index) => index % 20 === 0)
  return new Map(items.map((item) => [item, truth.get(item)!.map((shape) => ({ label: '', shape }))]))
}

function naiveVotes({ answers }: BoxSet): Map<string, RotatedBox[]> {
  const items = new Map<string, BoxSet['answers']>()
  for (const answer of answers) items.set(answer.item, [...(items.get(answer.item) ?? []), answer])
  return new Map(
    [...items].map(([item, own]) => {
      const groups: { boxes: RotatedBox[]; workers: Set<string> }[] = []
      for (const { worker, objects } of own)
        for (const { shape } of objects) {
          const near = groups
            .filter(({ workers }) => !workers.has(worker))
            .map((group) => ({ group, likeness: rotatedIou(medianBox(group.boxes), shape) }))
            .filter(({ likeness }) => likeness >= 0.3)
            .sort((a, b) => b.likeness - a.likeness)[0]
          const group = near?.group ?? { boxes: [], workers: new Set() }
          if (near === undefined) groups.push(group)
          group.boxes.push(shape)
          group.workers.add(worker)
        }
      return [
        item,
        groups.filter(({ workers }) => 2 * workers.size > own.length).map(({ boxes }) => medianBox(boxes)),
      ]
    }),
  )
}

function medianBox(boxes: readonly RotatedBox[]): RotatedBox {
  const median = (of: (box: RotatedBox) => number) => {
    const values = Float64Array.from(boxes, of).sort()
    return (values[(values.length - 1) >> 1]! + values[values.length >> 1]!) / 2
  }
  const x = median((box) => box.x)
  const y = median((box) => box.y)
  const width = median((box) => box.x + box.width) - x
  return { x, y, width, height: median((box) => box.y + box.height) - y, rotation: 0 }
}

/** F1 of boxes against the truth's items, pairs matched one to one from the largest overlap down. */
function f1(found: Map<string, RotatedBox[]>, truth: Map<string, RotatedBox[]>, least: number): number {
  let [right, marked, real] = [0, 0, 0]
  for (const [item, boxes] of truth) {
    const results = found.get(item) ?? []
    marked += results.length
    real += boxes.length
    const pairs = results.flatMap((result, r) =>
      boxes
        .map((box, b) => ({ r, b, overlap: rotatedIou(result, box) }))
        .filter(({ overlap }) => overlap >= least),
    )
    pairs.sort((a, b) => b.overlap - a.overlap)
    const [usedResults, usedBoxes] = [new Set<number>(), new Set<number>()]
    for (const { r, b } of pairs)
      if (!usedResults.has(r) && !usedBoxes.has(b)) {
        usedResults.add(r)
        usedBoxes.add(b)
        right++
      }
  }
  return (2 * right) / (marked + real)
}
