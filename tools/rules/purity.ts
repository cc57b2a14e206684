import { isBuiltin } from 'node:module'
import { lineAt, maskSource } from './source-text.ts'
import { isTest, type SourceFile, type Violation } from './tree.ts'

const PURE = /^packages\/(?:protocol|formats)\/src\//

const FORBIDDEN: { pattern: RegExp; what: string; instead: string }[] = [
  {
    pattern: /\bDate\.now\b|\bnew\s+Date\b|(?<![.\w$])Date\s*\(/g,
    what: 'reads or formats the clock',
    instead: 'take the time as an argument, in seconds',
  },
  {
    pattern: /\bMath\b(?!\s*\.\s*(?:abs|floor|sqrt|min|max|imul|clz32)\b)/g,
    what: 'uses a part of Math that differs between engines or runs',
    instead:
      'use abs, floor, sqrt, min, max, imul, clz32, or the log and exp of protocol/src/math; take randomness as an argument',
  },
  {
    pattern: /\*\*/g,
    what: 'uses **, which engines round differently',
    instead: 'multiply in a loop, or shift a bigint',
  },
  {
    pattern: /\.toLocale\w*|\.localeCompare\b|(?<![.\w$])Intl\b/g,
    what: "depends on the machine's language",
    instead: 'compare by code point; format on screen only',
  },
  {
    pattern: /\.(?:sort|toSorted)\s*\(\s*\)/g,
    what: 'sorts by UTF-16 units, the default of JavaScript',
    instead: 'pass a comparator',
  },
  {
    // An argument may well be called `crypto`; only the global has these members.
    pattern:
      /(?<![.\w$])(?:process\s*[.[]|fetch\s*\(|crypto\s*\.\s*(?:subtle|getRandomValues|randomUUID)\b)|\bglobalThis\b/g,
    what: 'uses a global of the environment',
    instead: 'take what it needs as an argument',
  },
]

/** What would make protocol or formats compute something else on another machine or day. */
export function checkPurity(files: readonly SourceFile[]): Violation[] {
  return files
    .filter(({ path }) => PURE.test(path) && !isTest(path))
    .flatMap((file) => [...impureImports(file), ...impureCode(file)])
}

function impureImports({ path, imports }: SourceFile): Violation[] {
  return imports
    .filter(({ specifier }) => isBuiltin(specifier))
    .map(({ specifier, line }) => ({
      path,
      line,
      what: `imports '${specifier}', which only Node has`,
      instead: 'take it as an argument; the caller passes its native version',
    }))
}

function impureCode({ path, source }: SourceFile): Violation[] {
  const code = maskSource(source)
  return FORBIDDEN.flatMap(({ pattern, what, instead }) =>
    [...code.matchAll(pattern)].map(({ index }) => ({ path, line: lineAt(source, index), what, instead })),
  )
}
