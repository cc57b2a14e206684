/** Answers looked ahead: turning a lead of three takes four, and what more than eight could turn is not worth eight. */
const AHEAD = 8

/** The two likeliest classes of an item, and what a further worker of the crowd's ability would say. */
export interface Rivals {
  /** Probability of the likelier class and of the other. */
  readonly first: number
  readonly second: number
  /** Where the first is true: probability that a further answer names the first, and the second. */
  readonly firstIfFirst: number
  readonly secondIfFirst: number
  /** The same where the second is true. */
  readonly firstIfSecond: number
  readonly secondIfSecond: number
}

/**
 * By how much an answer raises, on average, the probability that the likelier class is right: the best of asking one, two
 * … eight more, per answer. An answer alone seldom changes which class leads, several may; so the value is looked for
 * further ahead (Frazier and Powell, Paradoxes in learning and the marginal value of information, 2010). Third classes
 * only take their share of the answers.
 */
export function gainPerAnswer(rivals: Rivals): number {
  const heardFirst = rivals.firstIfFirst + rivals.secondIfFirst
  const heardSecond = rivals.firstIfSecond + rivals.secondIfSecond
  const heard = (rivals.first * heardFirst + rivals.second * heardSecond) / (rivals.first + rivals.second)
  // Of n answers: probability that a of them named the first and that the first is true; that the second is.
  const first = new Float64Array(AHEAD + 1)
  const second = new Float64Array(AHEAD + 1)
  first[0] = rivals.first
  second[0] = rivals.second
  let gain = 0
  for (let n = 1; n <= AHEAD; n++) {
    let right = 0
    for (let a = n; a >= 0; a--) {
      const before = a > 0 ? a - 1 : 0
      const named = a > 0 ? 1 : 0
      first[a] =
        (named * first[before]! * rivals.firstIfFirst + first[a]! * rivals.secondIfFirst) / heardFirst
      second[a] =
        (named * second[before]! * rivals.firstIfSecond + second[a]! * rivals.secondIfSecond) / heardSecond
      right += first[a]! > second[a]! ? first[a]! : second[a]!
    }
    const perAnswer = ((right - rivals.first) / n) * heard
    if (perAnswer > gain) gain = perAnswer
  }
  return gain
}
