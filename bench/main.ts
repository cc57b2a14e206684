/** `npm run bench -- <name>`: one file of this folder per promise; with `--json` the last line on stdout is its result. */
import { readdirSync } from 'node:fs'

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'main.ts' && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
const name = process.argv[2] ?? ''
if (names.includes(name)) {
  // The benchmark reads its own options where a script of its own would find them.
  process.argv.splice(2, 1)
  await import(`./${name}.ts`)
} else {
  console.error(`Usage: npm run bench -- <${names.sort().join(' | ')}> [--json] [--data folder]`)
  process.exitCode = 1
}
