import { numberConsensus, numberTable } from '@tagger/protocol'
import { describe, rowsOf, type SetReport } from './set-report.ts'

/** Mean absolute error of the consensus of numbers on a set of the kind `numeric`, beside the crowd's mean and median. */
export async function evaluate(folder: string): Promise<SetReport> {
  const { name, kind } = describe(folder)
  // Of several answers of a worker to a task the last one counts.
  const answers = new Map<string, { worker: string; item: string; value: number }>()
  for (const [worker, item, value] of rowsOf(folder, 'labels.csv'))
    answers.set(`${worker} ${item}`, { worker: worker!, item: item!, value: Number(value) })
  const table = numberTable([...answers.values()])
  const truth = new Map(rowsOf(folder, 'truth.csv').map(([item, value]) => [item!, Number(value)]))
  const { fit, estimate } = numberConsensus(table)
  const error = (answer: (item: number) => number) => {
    let sum = 0
    let count = 0
    table.items.forEach((item, index) => {
      const value = truth.get(item)
      if (value === undefined) return
      sum += Math.abs(answer(index) - value)
      count++
    })
    return sum / count
  }
  const own = (item: number) => table.value.slice(table.start[item], table.start[item + 1]).sort()
  const mean = error((item) => own(item).reduce((a, b) => a + b) / own(item).length)
  const median = error((item) => {
    const values = own(item)
    return (values[(values.length - 1) >> 1]! + values[values.length >> 1]!) / 2
  })
  const value = error((item) => estimate(item).value)
  return {
    name,
    kind,
    labels: table.value.length,
    labelsPerTask: table.value.length / table.items.length,
    measure: 'mean absolute error',
    value,
    baseline: Math.min(mean, median),
    methods: { mean, median, [`worker model: ${fit.model}`]: value },
  }
}
