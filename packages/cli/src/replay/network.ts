import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { isAlive } from '@tagger/node/is-alive'
import { TaggerError } from '@tagger/protocol'
import { ROOT } from '../settings.ts'
import { onExit } from '../shutdown.ts'
import { type RunningNode, runningNode } from '../up/running.ts'

/** A node of its own, in a process of its own, so that client and server each have a core. */
export interface OwnNetwork {
  url: string
  pid: number
  stop(): Promise<void>
  /** What the node last said on stderr. */
  log(): string[]
}

const START_SECONDS = 180
const LOG_LINES = 40

/** Starts `tagger up` on a folder, on any free port. */
export async function startOwnNetwork(
  folder: string,
  environment: Record<string, string> = {},
): Promise<OwnNetwork> {
  const left = await runningNode(folder)
  if (left !== null) await endNode(left)
  const main = join(ROOT, 'packages/cli/src/main.ts')
  const flags = [
    '--disable-warning=ExperimentalWarning',
    main,
    'up',
    '--dev',
    '--no-open',
    '--no-demo',
    '--with-parent',
  ]
  const child = spawn(process.execPath, [...flags, '--port', '0'], {
    env: { ...process.env, TAGGER_LOG: 'warn', ...environment, TAGGER_DATA: folder, TAGGER_CHAIN_PORT: '0' },
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const said: string[] = []
  createInterface(child.stderr).on('line', (line) => {
    said.push(line)
    if (said.length > LOG_LINES) said.shift()
  })
  const ended = once(child, 'close')
  const stop = async () => {
    if (child.exitCode !== null || child.signalCode !== null) return
    child.kill('SIGTERM')
    await ended
  }
  onExit(stop)
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (message: string) =>
      reject(new TaggerError('unavailable', message, { hints: said.slice(-5) }))
    const timer = setTimeout(
      () => fail(`The node did not start within ${START_SECONDS} seconds`),
      START_SECONDS * 1000,
    )
    createInterface(child.stdout).on('line', (line) => {
      if (!/^https?:\/\/\S+$/.test(line.trim())) return
      clearTimeout(timer)
      resolve(line.trim())
    })
    void ended.then(() => {
      clearTimeout(timer)
      fail('The node ended before it was ready')
    })
  })
  return { url, pid: child.pid!, stop, log: () => [...said] }
}

const END_TRIES = 300

/** Ends the node of a run that was killed: with its parent gone it is ending anyway. */
async function endNode({ pid }: RunningNode): Promise<void> {
  for (let tries = 0; tries < END_TRIES && isAlive(pid); tries++) {
    if (tries === 0) process.kill(pid, 'SIGTERM')
    await new Promise((next) => setTimeout(next, 100))
  }
}
