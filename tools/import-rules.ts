/** Checks that the packages keep their layers, know no cycles, and that protocol and formats stay pure. */
import { globSync, readFileSync } from 'node:fs'
import { join, sep } from 'node:path'
import { checkCycles, type Entries } from './rules/cycles.ts'
import { findImports } from './rules/imports.ts'
import { checkLayers } from './rules/layers.ts'
import { checkPurity } from './rules/purity.ts'
import { packageOf, type Violation } from './rules/tree.ts'

/** The files of the repository by path: TypeScript sources and the package.json of every package. */
export type Tree = Readonly<Record<string, string>>

/** Every broken rule of a tree, in the order of files and lines. */
export function findViolations(tree: Tree): Violation[] {
  const files = Object.entries(tree)
    .filter(([path]) => !path.endsWith('package.json'))
    .map(([path, source]) => ({ path, source, imports: findImports(source) }))
  const found = [...checkLayers(files), ...checkCycles(files, findEntries(tree)), ...checkPurity(files)]
  return found.sort((a, b) => (a.path === b.path ? a.line - b.line : a.path < b.path ? -1 : 1))
}

function findEntries(tree: Tree): Entries {
  const entries: Record<string, string> = {}
  for (const [path, source] of Object.entries(tree)) {
    if (!path.endsWith('package.json')) continue
    const folder = path.slice(0, -'package.json'.length)
    for (const [entry, file] of Object.entries(JSON.parse(source).exports ?? {})) {
      if (typeof file === 'string')
        entries[`@tagger/${packageOf(path)}${entry.slice(1)}`] = folder + file.slice(2)
    }
  }
  return entries
}

function readTree(root: string): Tree {
  const pattern = '{packages/*,e2e,bench}/{package.json,**/*.{ts,tsx,mts,mjs,js}}'
  const exclude = ['node_modules', 'dist', 'builds', 'artifacts', 'cache', 'coverage'].map(
    (folder) => `**/${folder}/**`,
  )
  const paths = globSync(pattern, { cwd: root, exclude }).filter((path) => !path.endsWith('.d.ts'))
  return Object.fromEntries(
    paths.map((path) => [path.replaceAll(sep, '/'), readFileSync(join(root, path), 'utf8')]),
  )
}

if (import.meta.main) {
  const violations = findViolations(readTree(join(import.meta.dirname, '..')))
  for (const { path, line, what, instead } of violations) {
    console.error(`${path}:${line}  ${what}\n    instead: ${instead}`)
  }
  process.exitCode = violations.length > 0 ? 1 : 0
}
