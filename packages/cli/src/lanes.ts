/** Does `work` for every value, at most `width` at a time; the first failure stops the rest. */
export async function inLanes<T, R>(
  values: readonly T[],
  width: number,
  work: (value: T, lane: number) => Promise<R>,
): Promise<R[]> {
  const results = new Array<R>(values.length)
  let next = 0
  let isStopped = false
  const lane = async (number: number) => {
    while (next < values.length && !isStopped) {
      const index = next++
      try {
        results[index] = await work(values[index]!, number)
      } catch (error) {
        isStopped = true
        throw error
      }
    }
  }
  await Promise.all(Array.from({ length: Math.min(width, values.length) }, (_, number) => lane(number)))
  return results
}
