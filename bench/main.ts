/** `npm run bench -- <name>`: one file of this folder per promise; with `--json` the last line on stdout is its result. */
import { readdirSync } from 'node:fs'

const names = readdirSync(import.meta.dirname)
  .filter((file) => file.endsWith('.ts') && file !== 'main.ts' && !file.endsWith('.test.ts'))
  .map((file) => file.slice(0, -'.ts'.length))
const name = process.argv[2] ?? ''
if (names.includes(name)) {
  // The benchmark reads its own options where a script of its own would find them.
  process.argv.splice(2, 1)
  await import(`./${name}.ts`).catch((error) => {
    if (!String(error.code).startsWith('ERR_PARSE_ARGS')) throw error
    console.error(`${name}: ${error.message}`)
    process.exitCode = 1
  })
} else {
  console.error(
    `Usage: npm run bench -- <${names.sort().join(' | ')}> [--json] [further options]\nWhat a benchmark takes stands at the top of bench/<name>.ts.`,
  )
  process.exitCode = 1
}
