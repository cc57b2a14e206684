/** A place in the word transition network: words (the empty one for a gap) and how many answers say each. */
type Slot = Map<string, number>

/**
 * ROVER as crowd-kit 1.x does it, the peer of text consensus: answers aligned in the order of the file, the word of
 * most votes, then the longer, then the later in the alphabet. (Fiscus, ASRU 1997.)
 */
export function rover(answers: readonly (readonly string[])[]): string[] {
  let network: Slot[] = answers[0]!.map((word) => new Map([[word, 1]]))
  for (let i = 1; i < answers.length; i++) network = addAnswer(network, answers[i]!, i)
  return network.map(bestWord).filter((word) => word !== '')
}

function bestWord(slot: Slot): string {
  return [...slot].reduce((best, other) => {
    const difference = other[1] - best[1] || other[0].length - best[0].length || (other[0] > best[0] ? 1 : -1)
    return difference > 0 ? other : best
  })[0]
}

function addAnswer(network: Slot[], words: readonly string[], before: number): Slot[] {
  const width = network.length + 1
  const cost = new Float64Array((words.length + 1) * width)
  const step = new Uint8Array(cost.length)
  for (let i = 0; i <= words.length; i++) {
    for (let j = 0; j < width; j++) {
      const at = i * width + j
      if (i === 0 || j === 0) {
        cost[at] = i + j
        step[at] = i === 0 ? 1 : 2
        continue
      }
      const slot = network[j - 1]!
      const steps = [
        cost[at - width - 1]! + (slot.has(words[i - 1]!) ? 0 : 1),
        cost[at - 1]! + (slot.has('') ? 0 : 1),
        cost[at - width]! + 1,
      ]
      step[at] = steps.indexOf(Math.min(...steps))
      cost[at] = steps[step[at]!]!
    }
  }
  const joined: Slot[] = []
  for (let i = words.length, j = network.length; i > 0 || j > 0; ) {
    const taken = step[i * width + j]!
    const slot: Slot = taken === 2 ? new Map([['', before]]) : network[j - 1]!
    const word = taken === 1 ? '' : words[i - 1]!
    joined.push(slot.set(word, (slot.get(word) ?? 0) + 1))
    if (taken !== 1) i--
    if (taken !== 2) j--
  }
  return joined.reverse()
}
