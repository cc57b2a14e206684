import { bestAssignment } from './assignment.ts'
import { type Labeled, MOST_OBJECTS, type ShapeKind } from './objects.ts'

/**
 * How much two answers agree, 0 to 1: twice the summed likeness of objects of one label, matched one to one for the
 * largest sum, over the objects of both (a soft F1). Two empty answers agree fully; shapes that cannot be used match
 * nothing.
 */
export function objectAgreement<S>(
  a: readonly Labeled<S>[],
  b: readonly Labeled<S>[],
  { isUsable, likeness }: Pick<ShapeKind<S>, 'isUsable' | 'likeness'>,
): number {
  if (a.length + b.length === 0) return 1
  const [rows, columns] = [a.slice(0, MOST_OBJECTS), b.slice(0, MOST_OBJECTS)]
  const gains = new Float64Array(rows.length * columns.length)
  rows.forEach((one, row) => {
    if (!isUsable(one.shape)) return
    columns.forEach((other, column) => {
      if (one.label === other.label && isUsable(other.shape))
        gains[row * columns.length + column] = likeness(one.shape, other.shape)
    })
  })
  let sum = 0
  bestAssignment(gains, rows.length, columns.length).forEach((column, row) => {
    if (column >= 0) sum += gains[row * columns.length + column]!
  })
  return (2 * sum) / (a.length + b.length)
}
