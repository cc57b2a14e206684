import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { type BuildStore, openBuildStore } from './build-store.ts'

/** Above what systems hand out. */
const DEAD = 2 ** 30
let folder: string

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tagger-builds-'))
})

afterEach(() => rmSync(folder, { recursive: true, force: true }))

function build(store: BuildStore, name: string, text = name): void {
  const scratch = store.scratch()
  writeFileSync(join(scratch, 'index.html'), text)
  store.keep(scratch, name)
}

const builds = () =>
  readdirSync(folder)
    .filter((name) => name !== 'claims')
    .sort()

test('a build is found by its name, another is not', () => {
  const store = openBuildStore(folder)
  build(store, 'aa')
  expect(store.take('aa')).toBe(join(folder, 'aa'))
  expect(store.take('bb')).toBeNull()
})

test('what a living process serves outlives newer builds, and goes after it has let go', () => {
  const server = openBuildStore(folder, process.ppid)
  build(server, 'old')
  server.take('old')
  const next = openBuildStore(folder)
  build(next, 'new')
  next.take('new')
  next.sweep()
  expect(builds()).toEqual(['new', 'old'])
  server.release('old')
  next.sweep()
  expect(builds()).toEqual(['new'])
})

test('what killed processes claimed or left half built goes', () => {
  const killed = openBuildStore(folder, DEAD)
  build(killed, 'old')
  killed.take('old')
  killed.scratch()
  openBuildStore(folder).sweep()
  expect(builds()).toEqual([])
  expect(readdirSync(join(folder, 'claims'))).toEqual([])
})

test('another process may be building meanwhile', () => {
  const scratch = openBuildStore(folder, process.ppid).scratch()
  openBuildStore(folder).sweep()
  expect(existsSync(scratch)).toBe(true)
})

test('of two builds of the same sources the first stays as it is', () => {
  const store = openBuildStore(folder)
  build(store, 'aa', 'first')
  const scratch = store.scratch()
  writeFileSync(join(scratch, 'index.html'), 'second')
  writeFileSync(join(scratch, 'more.js'), '')
  store.keep(scratch, 'aa')
  expect(readdirSync(join(folder, 'aa'))).toEqual(['index.html'])
  expect(builds()).toEqual(['aa'])
})
