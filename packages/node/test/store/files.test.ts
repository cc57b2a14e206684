import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { openBlobFolder } from '../../src/store/blobs.ts'
import { lockFolder } from '../../src/store/folder-lock.ts'
import { loadSecrets } from '../../src/store/keys-file.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tagger-files-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

const name = 'ab'.repeat(32)
const LOCK_MODULE = JSON.stringify(new URL('../../src/store/folder-lock.ts', import.meta.url).href)

test('keeps blobs by name, and nothing half written', async () => {
  const blobs = await openBlobFolder(folder)
  expect(await blobs.get(name)).toBeNull()
  await blobs.put(name, new Uint8Array([1, 2]))
  await blobs.put(name, new Uint8Array([1, 2]))
  expect(await blobs.get(name)).toEqual(new Uint8Array([1, 2]))
  writeFileSync(join(folder, 'drafts', 'left-over'), 'half')
  const reopened = await openBlobFolder(folder)
  expect(readdirSync(join(folder, 'drafts'))).toEqual([])
  await reopened.delete(name)
  await reopened.delete(name)
  expect(await reopened.get(name)).toBeNull()
})

test('refuses names that are no hash', async () => {
  const blobs = await openBlobFolder(folder)
  for (const wrong of ['../../etc/passwd', 'AB'.repeat(32), '', `${name}0`]) {
    await expect(blobs.get(wrong)).rejects.toMatchObject({ code: 'bad-hex' })
  }
})

test('makes the keys once, for the owner only, and never over a broken file', () => {
  const secrets = loadSecrets(folder)
  expect(loadSecrets(folder)).toEqual(secrets)
  expect(new Set(Object.values(secrets)).size).toBe(4)
  expect(statSync(join(folder, 'keys.json')).mode & 0o777).toBe(0o600)
  writeFileSync(join(folder, 'keys.json'), '{"operator":"0x12"}')
  expect(() => loadSecrets(folder)).toThrow('does not hold')
})

test('lets one node have a data folder, and recovers from one that was killed', async () => {
  const release = lockFolder(folder)
  expect(() => lockFolder(folder)).toThrow('runs on')
  release()
  const script = `
    const { lockFolder } = await import(${LOCK_MODULE})
    lockFolder(${JSON.stringify(folder)})
    console.log('locked')
    setInterval(() => {}, 1000)`
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  await once(child.stdout, 'data')
  expect(() => lockFolder(folder)).toThrow(`process ${child.pid}`)
  child.kill('SIGKILL')
  await once(child, 'exit')
  expect(existsSync(join(folder, 'node.pid'))).toBe(true)
  lockFolder(folder)()
})

test('lets one of two nodes have the folder of a dead one', async () => {
  const folders = Array.from({ length: 200 }, (_, i) => join(folder, String(i)))
  for (const each of folders) {
    mkdirSync(each)
    writeFileSync(join(each, 'node.pid'), String(2 ** 30))
  }
  // Both wait for the same moments, and live until both have tried every folder.
  const script = `
    const { lockFolder } = await import(${LOCK_MODULE})
    console.log('ready')
    process.stdin.once('data', (start) => {
      const won = []
      for (const [i, folder] of ${JSON.stringify(folders)}.entries()) {
        while (Date.now() < Number(start) + 8 * i);
        try {
          lockFolder(folder)
          won.push(i)
        } catch (error) {
          if (error.code !== 'conflict') throw error
        }
      }
      console.log(JSON.stringify(won))
      process.stdin.once('end', () => process.exit())
    })`
  const takers = [0, 1].map(() =>
    spawn(process.execPath, ['--input-type=module', '-e', script], { stdio: ['pipe', 'pipe', 'inherit'] }),
  )
  try {
    await Promise.all(takers.map((taker) => once(taker.stdout, 'data')))
    const start = String(Date.now() + 50)
    const won = await Promise.all(
      takers.map(async (taker) => {
        taker.stdin.write(start)
        const [line] = await once(taker.stdout, 'data')
        return JSON.parse(String(line)) as number[]
      }),
    )
    expect(won.flat().sort((a, b) => a - b)).toEqual(folders.map((_, i) => i))
    expect(readdirSync(folders[0]!)).toEqual(['node.pid'])
  } finally {
    for (const taker of takers) taker.kill('SIGKILL')
  }
})
