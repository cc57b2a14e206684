/** A small question; two answers settle an item. */
export const COLORS = {
  title: 'Colors',
  question: 'Which color?',
  labels: ['red', 'blue'],
  redundancy: { min: 2, max: 2, targetConfidence: 900_000 },
}
