import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:net'
import { delimiter, join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { TaggerError } from '@tagger/protocol'

/** A running local chain. */
export interface Anvil {
  rpcUrl: string
  /** Stops it after it has written its state. */
  stop(): Promise<void>
}

/**
 * Runs anvil until it ends, and ends it when the node is gone, however that went: then the pipe on standard input
 * closes. Its own process group keeps Ctrl-C from reaching it before the node has stopped.
 */
const GUARD =
  'exec 3<&0; "$@" </dev/null 3<&- & child=$!; (read -r _ <&3; kill -TERM $child) 2>/dev/null & guard=$!; wait $child; kill $guard 2>/dev/null'

/** Starts anvil on the state kept in `folder`; takes another port when `port` is in use. */
export async function startAnvil(options: { folder: string; port: number; host?: string }): Promise<Anvil> {
  const program = findAnvil()
  const { folder, host = '127.0.0.1' } = options
  await endEarlierRun(folder)
  const port = options.port > 0 && (await isFree(options.port, host)) ? options.port : await freePort(host)
  const args = [
    ...['--silent', '--no-mining', '--order', 'fifo', '--gas-limit', '300000000', '--prune-history'],
    ...['--block-base-fee-per-gas', '1000000', '--host', host, '--port', String(port)],
    ...['--state', join(folder, 'chain.json'), '--state-interval', '5'],
  ]
  const child = spawn('sh', ['-c', GUARD, 'sh', program, ...args], {
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  })
  const said = collect(child)
  writeFileSync(join(folder, 'chain.pid'), String(child.pid))
  const rpcUrl = `http://${host}:${port}`
  const ended = once(child, 'exit')
  try {
    await untilAnswers(rpcUrl, child)
  } catch (cause) {
    child.stdin!.end()
    throw new TaggerError(
      'chain-unreachable',
      `The local chain did not start: ${said() || (cause as Error).message}`,
      {
        hints: [
          `Its state is in ${join(folder, 'chain.json')}; \`npm run reset\` starts anew.`,
          'Or set RPC_URL to a chain that runs.',
        ],
      },
    )
  }
  child.stderr!.resume()
  child.unref()
  return {
    rpcUrl,
    async stop() {
      if (child.exitCode === null && child.signalCode === null) {
        child.ref()
        child.stdin!.end()
        await ended
      }
      rmSync(join(folder, 'chain.pid'), { force: true })
    },
  }
}

/** The anvil that npm brought, else the one on the PATH. */
function findAnvil(): string {
  const require = createRequire(import.meta.url)
  if (process.platform === 'linux' && process.arch === 'x64') {
    try {
      return join(require.resolve('@foundry-rs/anvil-linux-amd64/package.json'), '../bin/anvil')
    } catch {
      // An optional dependency: it may be left out on purpose.
    }
  }
  const found = (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'anvil'))
  const program = found.find((path) => existsSync(path))
  if (program) return program
  throw new TaggerError(
    'unavailable',
    `There is no local chain for ${process.platform}-${process.arch} here`,
    {
      hints: [
        'Install Foundry (https://getfoundry.sh), so that `anvil` is on the PATH.',
        'Or set RPC_URL to a chain that runs.',
      ],
    },
  )
}

/** A run that was killed lets its chain write its state first; two on one state would destroy it. */
async function endEarlierRun(folder: string): Promise<void> {
  const file = join(folder, 'chain.pid')
  if (!existsSync(file)) return
  const pid = Number(readFileSync(file, 'utf8'))
  for (let waited = 0; isOurChain(pid, folder); waited += 100) {
    if (waited === 2_000) process.kill(-pid, 'SIGTERM')
    if (waited > 15_000) process.kill(-pid, 'SIGKILL')
    await wait(100)
  }
  rmSync(file, { force: true })
}

function isOurChain(pid: number, folder: string): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 1) return false
  try {
    if (existsSync('/proc/self/cmdline')) {
      return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(join(folder, 'chain.json'))
    }
    const args = ['-o', 'args=', '-p', String(pid)]
    return execFileSync('ps', args, { encoding: 'utf8', stdio: 'pipe' }).includes(join(folder, 'chain.json'))
  } catch {
    return false
  }
}

async function untilAnswers(rpcUrl: string, child: ChildProcess): Promise<void> {
  const request = { jsonrpc: '2.0', id: 1, method: 'eth_chainId', params: [] }
  for (let tries = 0; tries < 300; tries++) {
    if (child.exitCode !== null) throw new Error(`anvil ended with code ${child.exitCode}`)
    try {
      const headers = { 'content-type': 'application/json' }
      const answer = await fetch(rpcUrl, { method: 'POST', headers, body: JSON.stringify(request) })
      if (answer.ok) return
    } catch {
      // Not listening yet.
    }
    await wait(50)
  }
  throw new Error('no answer within 15 s')
}

function collect(child: ChildProcess): () => string {
  let text = ''
  child.stderr!.setEncoding('utf8').on('data', (chunk: string) => {
    text = (text + chunk).slice(-2_000)
  })
  return () => text.trim()
}

function isFree(port: number, host: string): Promise<boolean> {
  return listen(port, host).then(
    () => true,
    () => false,
  )
}

function freePort(host: string): Promise<number> {
  return listen(0, host)
}

async function listen(port: number, host: string): Promise<number> {
  const server = createServer()
  server.listen(port, host)
  await once(server, 'listening')
  const { port: taken } = server.address() as { port: number }
  server.close()
  await once(server, 'close')
  return taken
}
