/**
 * The words of several texts as columns of words that stand for each other (the word transition network of ROVER,
 * Fiscus 1997). Entries of column c are start[c] up to start[c + 1]; a text that is not among them says nothing there.
 */
export interface Network {
  readonly columns: number
  readonly start: Int32Array
  /** Of each entry: the text, the word by its id, and its place in the text. In one column texts stand in `order`. */
  readonly text: Int32Array
  readonly word: Int32Array
  readonly place: Int32Array
}

/** Cells of one alignment; longer texts are aligned within a band of so many. */
const MAX_CELLS = 4_000_000

interface Column {
  text: number[]
  word: number[]
  place: number[]
}

/**
 * Aligns texts (words by id) one after the other to the columns of those before, the first of `order` being the
 * start: matching costs the share of earlier texts that say something else, so does leaving a column out.
 */
export function alignTexts(texts: readonly Int32Array[], order: readonly number[]): Network {
  let columns: Column[] = []
  order.forEach((text, seen) => {
    columns = addText(columns, seen, text, texts[text]!)
  })
  return flatten(columns)
}

/** The texts from the most to the least central: shared words with all others against the lengths. */
export function centralOrder(texts: readonly Int32Array[]): number[] {
  const sharers = new Map<string, number>()
  const tokens = texts.map(numberRepeats)
  let words = 0
  for (const own of tokens) {
    for (const token of own) sharers.set(token, (sharers.get(token) ?? 0) + 1)
    words += own.length
  }
  const score = tokens.map((own) => {
    let shared = 0
    for (const token of own) shared += sharers.get(token)! - 1
    return shared / (own.length + words / texts.length + 1)
  })
  return texts.map((_, index) => index).sort((a, b) => score[b]! - score[a]! || a - b)
}

/** The k-th use of a word counts as a word of its own. */
function numberRepeats(text: Int32Array): string[] {
  const uses = new Map<number, number>()
  return Array.from(text, (word) => {
    const use = uses.get(word) ?? 0
    uses.set(word, use + 1)
    return `${word}/${use}`
  })
}

function addText(columns: readonly Column[], seen: number, text: number, words: Int32Array): Column[] {
  const path = shortestPath(columns, seen, words)
  const joined: Column[] = []
  let column = 0
  let place = 0
  for (const step of path) {
    const into = step === INSERT ? { text: [], word: [], place: [] } : columns[column++]!
    joined.push(into)
    if (step === SKIP) continue
    into.text.push(text)
    into.word.push(words[place]!)
    into.place.push(place++)
  }
  return joined
}

const MATCH = 0
const SKIP = 1
const INSERT = 2

/** Steps from the first to the last column; costs are whole numbers of texts. On ties MATCH, then SKIP. */
function shortestPath(columns: readonly Column[], seen: number, words: Int32Array): Uint8Array {
  const n = words.length
  const m = columns.length
  const matches = columnsOfWords(columns, words)
  const band = Math.min(m, Math.max(1, Math.floor(MAX_CELLS / (2 * (n + 1)))))
  const width = Math.min(m + 1, 2 * band + Math.floor(m / (n + 1)) + 2)
  const first = (i: number) =>
    Math.max(0, Math.min(m + 1 - width, Math.floor((i * m) / Math.max(1, n)) - band))
  const steps = new Uint8Array((n + 1) * width)
  let previous = new Int32Array(m + 2)
  let current = new Int32Array(m + 2)
  const cost = new Int32Array(m)
  const FAR = 0x3fffffff
  for (let i = 0; i <= n; i++) {
    const low = first(i)
    const high = low + width - 1
    const lowBefore = i > 0 ? first(i - 1) : 0
    const highBefore = i > 0 ? lowBefore + width - 1 : -1
    cost.fill(seen, Math.max(0, low - 1), high)
    if (i > 0) {
      const { column, count } = matches.get(words[i - 1]!)!
      for (let k = lowerBound(column, low - 1); k < column.length && column[k]! < high; k++)
        cost[column[k]!] = seen - count[k]!
    }
    for (let j = low; j <= high; j++) {
      let best = FAR
      let step = MATCH
      if (i === 0 && j === 0) best = 0
      if (i > 0 && j > 0 && j - 1 >= lowBefore && j - 1 <= highBefore) best = previous[j - 1]! + cost[j - 1]!
      if (j > low && current[j - 1]! + columns[j - 1]!.text.length < best) {
        best = current[j - 1]! + columns[j - 1]!.text.length
        step = SKIP
      }
      if (i > 0 && j >= lowBefore && j <= highBefore && previous[j]! + seen < best) {
        best = previous[j]! + seen
        step = INSERT
      }
      current[j] = best
      steps[i * width + j - low] = step
    }
    ;[previous, current] = [current, previous]
  }
  return walkBack(steps, width, first, n, m)
}

function walkBack(
  steps: Uint8Array,
  width: number,
  first: (i: number) => number,
  n: number,
  m: number,
): Uint8Array {
  const path: number[] = []
  let i = n
  let j = m
  while (i > 0 || j > 0) {
    const step = steps[i * width + j - first(i)]!
    path.push(step)
    if (step !== SKIP) i--
    if (step !== INSERT) j--
  }
  return Uint8Array.from(path.reverse())
}

/** Where a word stands: columns from first to last, and how many texts say it in each. */
interface Places {
  column: number[]
  count: number[]
}

function columnsOfWords(columns: readonly Column[], words: Int32Array): Map<number, Places> {
  const found = new Map<number, Places>()
  for (const word of words) if (!found.has(word)) found.set(word, { column: [], count: [] })
  columns.forEach((column, index) => {
    for (const word of column.word) {
      const places = found.get(word)
      if (places === undefined) continue
      if (places.column.at(-1) === index) places.count[places.count.length - 1]!++
      else {
        places.column.push(index)
        places.count.push(1)
      }
    }
  })
  return found
}

/** Index of the first value not below `least` in a sorted list. */
function lowerBound(sorted: readonly number[], least: number): number {
  let low = 0
  let high = sorted.length
  while (low < high) {
    const middle = (low + high) >> 1
    if (sorted[middle]! < least) low = middle + 1
    else high = middle
  }
  return low
}

function flatten(columns: readonly Column[]): Network {
  const start = new Int32Array(columns.length + 1)
  columns.forEach((column, index) => {
    start[index + 1] = start[index]! + column.text.length
  })
  const size = start[columns.length]!
  const text = new Int32Array(size)
  const word = new Int32Array(size)
  const place = new Int32Array(size)
  columns.forEach((column, index) => {
    text.set(column.text, start[index]!)
    word.set(column.word, start[index]!)
    place.set(column.place, start[index]!)
  })
  return { columns: columns.length, start, text, word, place }
}

/** Edits from one text to another (Levenshtein 1966); −1 when telling would take more than the cells allowed. */
export function editDistance(a: Int32Array, b: Int32Array): number {
  let from = 0
  let aEnd = a.length
  let bEnd = b.length
  while (from < aEnd && from < bEnd && a[from] === b[from]) from++
  while (aEnd > from && bEnd > from && a[aEnd - 1] === b[bEnd - 1]) {
    aEnd--
    bEnd--
  }
  const width = bEnd - from
  if ((aEnd - from) * width > MAX_CELLS) return -1
  const row = new Int32Array(width + 1)
  for (let j = 0; j <= width; j++) row[j] = j
  for (let i = from; i < aEnd; i++) {
    let diagonal = row[0]!
    row[0]!++
    for (let j = 1; j <= width; j++) {
      const swap = diagonal + (a[i] === b[from + j - 1] ? 0 : 1)
      diagonal = row[j]!
      row[j] = Math.min(swap, diagonal + 1, row[j - 1]! + 1)
    }
  }
  return row[width]!
}
