import { posix } from 'node:path'
import type { Import } from './imports.ts'

/** A source file with what it imports; its path is relative to the repository and uses slashes. */
export type SourceFile = { path: string; source: string; imports: Import[] }

/** A broken rule: where, what is wrong, and what to do instead. */
export type Violation = { path: string; line: number; what: string; instead: string }

/** The packages by row: one may import only from rows with a lower number. */
export const ROWS: Record<string, number> = {
  protocol: 0,
  contracts: 0,
  formats: 1,
  sdk: 1,
  node: 2,
  cli: 3,
  web: 3,
  e2e: 4,
  bench: 4,
}

/** The package a path lies in, by its short name. */
export function packageOf(path: string): string | undefined {
  const [first, second] = path.split('/')
  const name = first === 'packages' ? second : first
  return name !== undefined && name in ROWS ? name : undefined
}

/** The package and entry a specifier such as `@tagger/protocol/wire` names. */
export function parsePackageSpecifier(specifier: string): { name: string; entry: string } | undefined {
  const match = /^@tagger\/([\w-]+)(\/.*)?$/.exec(specifier)
  return match ? { name: match[1]!, entry: `.${match[2] ?? ''}` } : undefined
}

/** The path a relative specifier points to, before any extension is guessed. */
export function joinRelative(from: string, specifier: string): string | undefined {
  return /^\.\.?(\/|$)/.test(specifier) ? posix.join(posix.dirname(from), specifier) : undefined
}

/** Tests may do what the code they test may not: read files, clocks and randomness. */
export function isTest(path: string): boolean {
  return /\.test\.tsx?$|\/test\//.test(path)
}
