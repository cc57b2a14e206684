import { joinRelative, parsePackageSpecifier, type SourceFile, type Violation } from './tree.ts'

/** Where a package's entries lead: `@tagger/protocol/wire` → `packages/protocol/src/wire/index.ts`. */
export type Entries = Readonly<Record<string, string>>

type Edge = { to: string; line: number }

/** One violation for every knot of files that import each other's values. */
export function checkCycles(files: readonly SourceFile[], entries: Entries): Violation[] {
  const graph = buildGraph(files, entries)
  const reported = new Set<string>()
  return [...graph.keys()].sort().flatMap((path) => {
    if (reported.has(path)) return []
    const cycle = findCycle(graph, path)
    if (!cycle) return []
    for (const member of knotOf(graph, path)) reported.add(member)
    const line = graph.get(path)!.find(({ to }) => to === cycle[1])!.line
    return [
      {
        path,
        line,
        what: `import cycle: ${cycle.join(' → ')}`,
        instead: 'move what both need to a file of its own, or import only its type',
      },
    ]
  })
}

function buildGraph(files: readonly SourceFile[], entries: Entries): Map<string, Edge[]> {
  const known = new Set(files.map(({ path }) => path))
  return new Map(
    files.map(({ path, imports }) => [
      path,
      imports.flatMap(({ specifier, line, typeOnly }) => {
        const to = typeOnly ? undefined : resolve(path, specifier, known, entries)
        return to ? [{ to, line }] : []
      }),
    ]),
  )
}

function resolve(
  from: string,
  specifier: string,
  known: ReadonlySet<string>,
  entries: Entries,
): string | undefined {
  const base = parsePackageSpecifier(specifier) ? entries[specifier] : joinRelative(from, specifier)
  if (base === undefined) return undefined
  const bare = base.replace(/\.jsx?$/, '')
  const candidates = [base, `${bare}.ts`, `${bare}.tsx`, `${bare}/index.ts`, `${bare}/index.tsx`]
  return candidates.find((candidate) => known.has(candidate))
}

/** The shortest way from a file back to itself. */
function findCycle(graph: Map<string, Edge[]>, start: string): string[] | undefined {
  const cameFrom = new Map<string, string>()
  const queue = [start]
  for (const path of queue) {
    for (const { to } of graph.get(path) ?? []) {
      if (to === start) return [...wayTo(path, cameFrom), start]
      if (cameFrom.has(to)) continue
      cameFrom.set(to, path)
      queue.push(to)
    }
  }
  return undefined
}

function wayTo(path: string, cameFrom: Map<string, string>): string[] {
  const way: string[] = []
  for (let at: string | undefined = path; at !== undefined; at = cameFrom.get(at)) way.unshift(at)
  return way
}

/** All files that reach a file and are reached by it. */
function knotOf(graph: Map<string, Edge[]>, start: string): Set<string> {
  const reverse = new Map<string, Edge[]>()
  for (const [path, edges] of graph) {
    for (const { to, line } of edges) reverse.set(to, [...(reverse.get(to) ?? []), { to: path, line }])
  }
  return reachable(graph, start).intersection(reachable(reverse, start))
}

function reachable(graph: Map<string, Edge[]>, start: string): Set<string> {
  const seen = new Set([start])
  for (const path of seen) for (const { to } of graph.get(path) ?? []) seen.add(to)
  return seen
}
