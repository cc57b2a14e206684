import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
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
