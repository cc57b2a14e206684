import { spawn } from 'node:child_process'
import { join } from 'node:path'

const MAIN = join(import.meta.dirname, '../src/main.ts')

/** What a command left behind. */
export interface Ran {
  code: number
  stdout: string
  stderr: string
  /** The last line of stdout, parsed. */
  // biome-ignore lint/suspicious/noExplicitAny: every command has its own shape, and tests compare it whole.
  json(): any
}

/** Runs the real command line to its end. */
export function runTagger(
  args: readonly string[],
  options: { env?: Record<string, string>; killAfter?: (output: string) => boolean } = {},
): Promise<Ran> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
    env: { ...process.env, ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // A test that times out leaves nothing behind.
  const end = () => void child.kill()
  process.once('exit', end)
  child.once('close', () => process.off('exit', end))
  let stdout = ''
  let stderr = ''
  const look = () => {
    if (options.killAfter?.(stdout + stderr)) child.kill('SIGKILL')
  }
  child.stdout.setEncoding('utf8').on('data', (text) => {
    stdout += text
    look()
  })
  child.stderr.setEncoding('utf8').on('data', (text) => {
    stderr += text
    look()
  })
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) =>
      resolve({
        code: code ?? -1,
        stdout,
        stderr,
        json: () => JSON.parse(stdout.trim().split('\n').at(-1) ?? ''),
      }),
    )
  })
}
