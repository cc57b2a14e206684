import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import type { Anchored } from './forge.ts'

const SCRIPTS = join(import.meta.dirname, 'verifier')

/** Whether this machine has the Python the second verifier is written for. */
export function hasPython(): boolean {
  return spawnSync('python3', ['-c', 'import sys; sys.exit(sys.version_info < (3, 11))']).status === 0
}

/** Runs one of the verifier's scripts; what it prints, as JSON. */
export function runScript(name: string, ...args: string[]): unknown {
  return JSON.parse(execFileSync('python3', ['-B', join(SCRIPTS, name), ...args], { encoding: 'utf8' }))
}

/** The second verifier, started once: campaigns go in and verdicts come out in the same order. */
export class PythonVerifier {
  readonly #folder: string
  readonly #process: ChildProcess
  readonly #waiting: ((line: string) => void)[] = []
  #count = 0
  #failure = ''

  private constructor(folder: string) {
    this.#folder = folder
    this.#process = spawn('python3', ['-B', join(SCRIPTS, 'verify.py'), '-'])
    this.#process.stderr!.on('data', (text) => {
      this.#failure += text
    })
    createInterface({ input: this.#process.stdout! }).on('line', (line) => this.#waiting.shift()!(line))
    this.#process.on('close', () => {
      for (const answer of this.#waiting) answer(JSON.stringify({ failure: this.#failure }))
    })
  }

  static async start(): Promise<PythonVerifier> {
    return new PythonVerifier(await mkdtemp(join(tmpdir(), 'tagger-second-')))
  }

  /** The verdict of a campaign. */
  async verify({ bundles, facts }: Anchored): Promise<unknown> {
    const name = join(this.#folder, `${this.#count++}`)
    const paths = [`${name}.json`, ...bundles.map((_, index) => `${name}-${index}.car`)]
    const text = JSON.stringify(facts, (_, value) => (typeof value === 'bigint' ? value.toString() : value))
    await writeFile(paths[0]!, text)
    await Promise.all(bundles.map((car, index) => writeFile(paths[index + 1]!, car)))
    const line = await new Promise<string>((resolve) => {
      this.#waiting.push(resolve)
      this.#process.stdin!.write(`${JSON.stringify(paths)}\n`)
    })
    return JSON.parse(line)
  }

  async stop(): Promise<void> {
    this.#process.stdin!.end()
    await rm(this.#folder, { recursive: true, force: true })
  }
}
