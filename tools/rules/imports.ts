import { lineAt, maskSource } from './source-text.ts'

/** One module named by a file: an import, an export-from or an `import()`. */
export type Import = { specifier: string; line: number; typeOnly: boolean }

const STATIC =
  /(?<![.\w$])(?:import|export)\s*(?<type>type\s)?(?<names>[\w$\s{},*]*?)(?<from>\bfrom\s*)?["']/g
const DYNAMIC = /(?<typeof>\btypeof\s+)?(?<![.\w$])import\s*\(\s*["'`]/g

/** Every module a TypeScript source names, in the order of the text. */
export function findImports(source: string): Import[] {
  const code = maskSource(source)
  const found: (Import & { at: number })[] = []
  const add = (match: RegExpExecArray, isType: (end: number) => boolean) => {
    const start = match.index + match[0].length
    const end = code.indexOf(source[start - 1]!, start)
    const specifier = source.slice(start, end)
    found.push({ specifier, line: lineAt(source, match.index), typeOnly: isType(end), at: match.index })
  }
  for (const match of code.matchAll(STATIC)) {
    const { type, names, from } = match.groups!
    // Without `from` only a bare `import '…'` names a module: `export default '…'` does not.
    if (from || (names!.trim() === '' && match[0].startsWith('import'))) add(match, () => type !== undefined)
  }
  for (const match of code.matchAll(DYNAMIC)) {
    // `import('…').Name` is a type: the promise that a call returns has no members but these three.
    const isMember = (end: number) =>
      /^.\s*\)\s*\.(?!\s*(?:then|catch|finally)\b)/s.test(code.slice(end, end + 40))
    add(match, (end) => match.groups!.typeof !== undefined || isMember(end))
  }
  return found.sort((a, b) => a.at - b.at).map(({ at: _, ...rest }) => rest)
}
