import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { afterAll, beforeAll, expect, test } from 'vitest'

const ROOT = join(import.meta.dirname, '../../..')
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8')

/** Where each command of the README is run; a command that is not here fails the test. */
const RUN_BY: Record<string, string> = {
  'npm start': 'this file',
  'npm test': 'whoever runs this file',
  'npm run replay': 'replay.test.ts',
  'npm run replay -- --data ../shared/data/crowd/d_product': 'replay-data.deep.test.ts',
  'npm run tagger -- doctor': 'this file',
  'npm run tagger -- <command>': 'commands.test.ts',
  'npm run tagger -- validator': 'validator.test.ts',
  'npm run dev': 'this file',
  'npm run bench -- <name>': 'bench/main.test.ts',
  'npm run check': 'the check beside the tests',
}

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tagger-readme-'))
})
afterAll(() => rm(folder, { recursive: true, force: true, maxRetries: 5 }))

/** Runs a command of the README as a user would, until a line of its output matches; then Ctrl-C. */
async function runUntil(command: string, wanted: RegExp): Promise<{ line: string; code: number | null }> {
  const [program, ...args] = command.split(' ') as [string, ...string[]]
  const child = spawn(program, args, {
    cwd: ROOT,
    env: {
      ...process.env,
      TAGGER_DATA: join(folder, 'data'),
      TAGGER_CHAIN_PORT: '0',
      PORT: '0',
      TAGGER_LOG: 'warn',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  let output = ''
  child.stderr.setEncoding('utf8').on('data', (text) => {
    output += text
  })
  const line = await new Promise<string>((resolve, reject) => {
    createInterface(child.stdout).on('line', (text) => {
      output += `${text}\n`
      if (wanted.test(text)) resolve(text)
    })
    child.once('close', (code) => reject(new Error(`${command} ended with ${code}:\n${output}`)))
  })
  // As a terminal does: to the whole group.
  if (child.exitCode === null) process.kill(-child.pid!, 'SIGINT')
  return { line, code: await ended }
}

test('every command of the README is run by a test', () => {
  const blocks = [...readme.matchAll(/```sh\n([\s\S]*?)```/g)].flatMap(([, text]) => text!.trim().split('\n'))
  const inline = [...readme.matchAll(/`(npm [^`]+)`/g)].map(([, text]) => text!)
  const commands = new Set([...blocks, ...inline])
  expect(commands.size).toBeGreaterThan(4)
  for (const command of commands) expect(RUN_BY, command).toHaveProperty([command])
})

test('the README shows the example that is tested', () => {
  const tested = readFileSync(join(import.meta.dirname, 'readme-snippet.ts'), 'utf8')
  const [, lines] = tested.match(/\/\/ README begins\n([\s\S]*?) *\/\/ README ends/)!
  expect(readme).toContain(lines!.replace(/^ {2}/gm, '').trimEnd())
})

test('every file the README links to is there', () => {
  for (const [, path] of readme.matchAll(/\]\(((?!https?:)[^)#]+)\)/g)) {
    expect(existsSync(join(ROOT, path!)), path).toBe(true)
  }
})

test('`npm start` prints the address alone on a line, serves the app and ends with Ctrl-C', {
  timeout: 300_000,
}, async () => {
  const { line } = await runUntil('npm start', /^http:\/\/127\.0\.0\.1:\d+$/)
  expect(line).toMatch(/^http/)
})

test('`npm run dev` prints its address', { timeout: 300_000 }, async () => {
  const { line } = await runUntil('npm run dev', /http:\/\/127\.0\.0\.1:\d+/)
  expect(line).toContain('for developers')
})

test('`npm run tagger -- doctor` tells what is embedded', { timeout: 300_000 }, async () => {
  const { line } = await runUntil('npm run tagger -- doctor', /database/i)
  expect(line).toMatch(/PGlite|embedded/i)
})
