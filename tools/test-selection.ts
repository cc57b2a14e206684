/** The rooms whose name, given to `npm test --`, means all of their tests and nothing else. */
const rooms: Record<string, string> = {
  contracts: 'packages/contracts/',
  protocol: 'packages/protocol/',
  formats: 'packages/formats/',
  sdk: 'packages/sdk/',
  node: 'packages/node/',
  web: 'packages/web/',
  cli: 'packages/cli/',
  e2e: 'e2e/',
  bench: 'bench/',
  tools: 'tools/',
}

/** The test files a word asks for: those of the room it names, else those with the word in their path. */
export function selectFiles(files: readonly string[], word: string | undefined): string[] {
  if (word === undefined) return [...files]
  const room = rooms[word]
  if (room) return files.filter((file) => file.startsWith(room))
  return files.filter((file) => file.toLowerCase().includes(word.toLowerCase()))
}

/** Tests that kill and restart whole nodes: as long as all others of the node together. */
const FAULTS = /^packages\/node\/test\/(.*\/)?(start|settlement-chaos|(settlement-)?kill)\.test\.ts$/

/** Of the files that the name of a room asks for, those that are quick; any other word means what it says. */
export function withoutFaults(files: readonly string[], word: string): { kept: string[]; left: string[] } {
  if (!rooms[word]) return { kept: [...files], left: [] }
  return { kept: files.filter((file) => !FAULTS.test(file)), left: files.filter((file) => FAULTS.test(file)) }
}
