import { spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { withLock } from './lock.mjs'

let folder: string
let lock: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tagger-lock-'))
  lock = join(folder, 'lock')
})
afterEach(() => rmSync(folder, { recursive: true }))

test('lets one in at a time and leaves nothing behind', async () => {
  const events: string[] = []
  const job = (name: string) => async () => {
    events.push(`${name} in`)
    await wait(30)
    events.push(`${name} out`)
  }
  const onWait = vi.fn()
  await Promise.all([withLock(lock, onWait, job('a')), withLock(lock, onWait, job('b'))])
  expect(events).toEqual(['a in', 'a out', 'b in', 'b out'])
  expect(onWait).toHaveBeenCalledOnce()
  expect(readdirSync(folder)).toEqual([])
})

test('is released when the work fails', async () => {
  await expect(withLock(lock, vi.fn(), () => Promise.reject(new Error('disk full')))).rejects.toThrow(
    'disk full',
  )
  expect(existsSync(lock)).toBe(false)
})

test('is taken over from a process that no longer runs', async () => {
  writeFileSync(lock, String(2 ** 30))
  expect(await withLock(lock, vi.fn(), async () => 'done')).toBe('done')
})

test('stays with a child that outlives the process that took it', async () => {
  const heldByChild = `${2 ** 30}\n${process.pid}`
  writeFileSync(lock, heldByChild)
  const taken = withLock(
    lock,
    () => writeFileSync(lock, String(2 ** 30)),
    async () => 'done',
  )
  expect(readFileSync(lock, 'utf8')).toBe(String(2 ** 30))
  expect(await taken).toBe('done')
})

test('is taken over when nobody has touched it for long', async () => {
  writeFileSync(lock, String(process.pid))
  utimesSync(lock, 0, 0)
  expect(await withLock(lock, vi.fn(), async () => 'done')).toBe('done')
})

test('is not touched once somebody else has taken it over', async () => {
  // Long to look at, so that the lock changes hands while the child looks.
  const stale = Array(60_000)
    .fill(2 ** 30)
    .join('\n')
  for (let round = 0; ; round++) {
    const path = join(folder, `lock-${round}`)
    const taken = join(folder, `taken-${round}`)
    writeFileSync(path, stale)
    const child = spawn(process.execPath, ['--input-type=module', '-e', takerOf(path, taken)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    try {
      await once(child.stdout, 'data')
      await wait(20)
      // A child that was faster than this tells nothing.
      if (existsSync(taken) || !takesOver(path)) continue
      const until = Date.now() + 2_000
      let missing = 0
      while (Date.now() < until) if (!existsSync(path)) missing++
      expect(missing).toBe(0)
      expect(existsSync(taken)).toBe(false)
      return
    } finally {
      child.kill('SIGKILL')
    }
  }
})

/** Takes a stale lock over as another process does; false when somebody else is at it. */
function takesOver(path: string): boolean {
  const draft = `${path}.draft`
  writeFileSync(draft, `${process.pid}\n${' '.repeat(20_000_000)}`)
  try {
    writeFileSync(`${path}.takeover`, String(process.pid), { flag: 'wx' })
  } catch {
    return false
  }
  renameSync(draft, path)
  rmSync(`${path}.takeover`)
  return true
}

/** A program that says when it begins to look at a lock, and leaves a file when it has taken it. */
function takerOf(path: string, taken: string): string {
  return `
    const { writeFileSync } = await import('node:fs')
    const { withLock } = await import(${JSON.stringify(new URL('./lock.mjs', import.meta.url).href)})
    console.log('looking')
    await withLock(${JSON.stringify(path)}, () => {}, async () => writeFileSync(${JSON.stringify(taken)}, ''))`
}
