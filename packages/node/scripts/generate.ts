/** Writes what is made from the code: `docs/openapi.json` and `.env.example`. With `--check` it only compares. */
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { environmentExample } from '../src/config.ts'
import { openApiDocument } from '../src/http/openapi.ts'

const files = {
  '../../../docs/openapi.json': formatted('docs/openapi.json', JSON.stringify(openApiDocument())),
  '../.env.example': environmentExample(),
}

for (const [name, text] of Object.entries(files)) {
  const file = fileURLToPath(new URL(name, import.meta.url))
  if (!process.argv.includes('--check')) {
    mkdirSync(dirname(file), { recursive: true })
    writeFileSync(file, text)
  } else if (read(file) !== text) {
    console.error(`${file} is not what the code says. Run \`node packages/node/scripts/generate.ts\`.`)
    process.exitCode = 1
  }
}

function read(file: string): string | null {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return null
  }
}

/** Text as the repository's formatter leaves it, so that both agree. */
function formatted(name: string, text: string): string {
  const root = fileURLToPath(new URL('../../..', import.meta.url))
  const biome = fileURLToPath(new URL('../../../node_modules/@biomejs/biome/bin/biome', import.meta.url))
  const args = [biome, 'format', `--stdin-file-path=${name}`]
  return execFileSync(process.execPath, args, {
    cwd: root,
    input: text,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  })
}
