import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Hex, TaggerError } from '@tagger/protocol'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { clientOf } from '../src/chain/open.ts'
import { loadConfig } from '../src/config.ts'
import { openDatabase } from '../src/db/open.ts'
import { startNode } from '../src/start.ts'
import { explainSystemError } from '../src/system-error.ts'
import { randomAccount } from './harness.ts'
import { putChain, putDatabase } from './templates.ts'

const main = fileURLToPath(new URL('../src/main.ts', import.meta.url))
let folder: string
const children: ChildProcess[] = []
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'tagger-start-'))
})
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue
    child.kill('SIGTERM')
    await once(child, 'exit')
  }
  rmSync(folder, { recursive: true, force: true })
})

/** Runs the node as its own process on this test's folder. */
function run(env: Record<string, string> = {}) {
  const child = spawn(process.execPath, [main], {
    env: { PATH: process.env.PATH, TAGGER_DATA: folder, PORT: '0', TAGGER_CHAIN_PORT: '0', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  children.push(child)
  let out = ''
  let err = ''
  child.stdout!.on('data', (chunk) => {
    out += chunk
  })
  child.stderr!.on('data', (chunk) => {
    err += chunk
  })
  return {
    child,
    async url(): Promise<string> {
      while (!out.includes('\n')) {
        if (child.exitCode !== null) throw new Error(`It ended: ${err}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      return out.trim()
    },
    async failure(): Promise<string> {
      const [code] = child.exitCode === null ? await once(child, 'exit') : [child.exitCode]
      expect(code).toBe(1)
      return err
    },
  }
}

async function get(url: string) {
  return (await (await fetch(url)).json()) as Record<string, never>
}

async function drop(url: string, account: string) {
  const response = await fetch(`${url}/api/v1/faucet-drops`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ account }),
  })
  expect(response.status).toBe(200)
}

/** Not a process that has ended and only waits for its parent, or for the system, to take note. */
const isAlive = (pid: number) => {
  try {
    process.kill(pid, 0)
    return !/^\d+ \(.*\) Z/s.test(existsSync('/proc') ? readFileSync(`/proc/${pid}/stat`, 'utf8') : '')
  } catch {
    return false
  }
}

const portIsTaken = (port: number) => ({
  message: `Port ${port} is taken`,
  hints: [expect.stringContaining('PORT=')],
})

/** Listens on a port as another program does. */
async function occupy(wanted: number) {
  const server = createServer()
  server.listen(wanted, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return { port, leave: () => new Promise((resolve) => server.close(resolve)) }
}

test('goes on after SIGKILL with chain and database as they were, and stops its chain with it', async () => {
  const first = run()
  const url = await first.url()
  const network = await get(`${url}/api/v1/network`)
  const { account } = randomAccount()
  await drop(url, account)

  // A second one on the same folder says so and leaves the first alone.
  expect(await run().failure()).toContain(`process ${first.child.pid}`)
  expect((await fetch(`${url}/api/v1/health`)).status).toBe(200)

  const chainPid = Number(readFileSync(join(folder, 'chain.pid'), 'utf8'))
  first.child.kill('SIGKILL')
  await once(first.child, 'exit')
  const second = run()
  const restarted = await second.url()
  expect(isAlive(chainPid)).toBe(false)
  const again = await get(`${restarted}/api/v1/network`)
  expect(again.contracts).toEqual(network.contracts)
  expect(again.operator).toBe(network.operator)
  const balance = await clientOf(String(again.rpcUrl)).getBalance({ address: account as Hex })
  expect(balance).toBeGreaterThan(0n)

  const ownChain = Number(readFileSync(join(folder, 'chain.pid'), 'utf8'))
  second.child.kill('SIGINT')
  const [code] = await once(second.child, 'exit')
  expect(code).toBe(0)
  expect(isAlive(ownChain)).toBe(false)

  // Other contracts or a lost chain state are named, with the way out.
  const file = join(folder, 'contracts.json')
  const deployed = JSON.parse(readFileSync(file, 'utf8'))
  writeFileSync(file, JSON.stringify({ ...deployed, bytecode: 'other' }))
  expect(await run().failure()).toMatch(/contracts have changed.*\n.*npm run reset/)
  writeFileSync(file, JSON.stringify(deployed))
  rmSync(join(folder, 'chain.json'))
  expect(await run().failure()).toMatch(/does not hold the contracts.*\n.*npm run reset/)
}, 300_000)

test('says which port is taken before it starts anything', async () => {
  const other = await occupy(0)
  const config = loadConfig({}, { dataFolder: folder, port: other.port, chainPort: 0, logLevel: 'silent' })
  await expect(startNode(config)).rejects.toMatchObject(portIsTaken(other.port))
  await other.leave()
  expect(readdirSync(folder)).toEqual([])
})

test('says so too when the port is taken meanwhile, and stops what it had started', async () => {
  await putDatabase(folder)
  await putChain(folder)
  const first = await occupy(0)
  await first.leave()
  const { port } = first
  const config = loadConfig({}, { dataFolder: folder, port, chainPort: 0, logLevel: 'silent' })
  const refused = expect(startNode(config)).rejects.toMatchObject(portIsTaken(port))
  // The keys come right after the look at the port, the server last.
  while (!existsSync(join(folder, 'keys.json'))) await new Promise((resolve) => setTimeout(resolve, 1))
  const other = await occupy(port)
  await refused
  await other.leave()
  // Nothing is left locked: the same folder starts on the port that is free now.
  const running = await startNode(config)
  expect((await fetch(`${running.url}/api/v1/health`)).status).toBe(200)
  await running.close()
}, 300_000)

test('explains what the system refuses, and leaves other errors alone', () => {
  const config = { dataFolder: '/data', host: '10.0.0.1', port: 80 }
  const explain = (code: string) =>
    explainSystemError(Object.assign(new Error('x'), { code }), config) as Error
  expect(explain('ENOSPC').message).toContain('disk is full')
  expect(explain('EACCES').message).toContain('/data')
  expect(explain('EADDRNOTAVAIL').message).toContain('10.0.0.1')
  expect(explain('EOTHER').message).toBe('x')
})

test('names every setting that is wrong', () => {
  const wrong = () => loadConfig({ PORT: '99999', RPC_URL: 'ftp://x', TAGGER_LOG: 'loud', HOST: '' })
  expect(wrong).toThrow(
    expect.objectContaining({
      hints: expect.arrayContaining([
        expect.stringContaining('PORT:'),
        expect.stringContaining('RPC_URL:'),
        expect.stringContaining('TAGGER_LOG:'),
      ]),
    }),
  )
  expect(loadConfig({ PORT: '5000', TAGGER_DATA: '/d' })).toMatchObject({
    port: 5000,
    dataFolder: '/d',
    rpcUrl: null,
  })
})

test.each([
  'foo',
  'http://127.0.0.1/tagger',
  'db.example:5432/mine',
  'postgres://me:pa#ss@127.0.0.1/tagger',
])('a database address like %s is refused with an example, and not repeated', (value) => {
  let hints: readonly string[] = []
  try {
    loadConfig({ DATABASE_URL: value })
  } catch (error) {
    hints = (error as TaggerError).hints
  }
  expect(hints[0]).toMatch(/^DATABASE_URL: .*postgresql:\/\/tagger:secret@/)
  expect(hints[0]).not.toContain(value)
})

test('a database that does not answer is named by its setting, with an example', async () => {
  const databaseUrl = 'postgres://127.0.0.1:1/tagger'
  expect(loadConfig({ DATABASE_URL: databaseUrl }).databaseUrl).toBe(databaseUrl)
  await expect(openDatabase({ databaseUrl, dataFolder: folder })).rejects.toMatchObject({
    code: 'unavailable',
    message: expect.stringContaining('DATABASE_URL'),
    hints: expect.arrayContaining([expect.stringContaining('postgresql://tagger:secret@')]),
  })
})
