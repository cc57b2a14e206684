import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTagger, type Tagger } from '@tagger/sdk'

const MAIN = join(import.meta.dirname, '../../packages/cli/src/main.ts')
const START_MILLISECONDS = 180_000
const STOP_MILLISECONDS = 30_000
const TAIL_LINES = 40

/** A running `tagger up` with data of its own. */
export interface TestNetwork {
  url: string
  /** Where wallets send transactions. */
  rpcUrl: string
  /** Reads what the node says, beside what the screens show. */
  api: Tagger['api']
  /** The last lines the node wrote. */
  log(): string
  stop(): Promise<void>
}

/** Starts the command people start: the node, its chain and the built app, with or without the demo. */
export async function startNetwork(
  options: {
    demo?: boolean
    /** Variables of the node's environment. */
    settings?: Record<string, string>
  } = {},
): Promise<TestNetwork> {
  const { demo = false, settings = {} } = options
  const folder = await mkdtemp(join(tmpdir(), 'tagger-e2e-'))
  const args = ['--disable-warning=ExperimentalWarning', MAIN, 'up', '--no-open', demo ? '' : '--no-demo']
  const child = spawn(
    process.execPath,
    args.filter((arg) => arg !== ''),
    {
      env: {
        ...process.env,
        TAGGER_DATA: folder,
        PORT: '0',
        TAGGER_CHAIN_PORT: '0',
        TAGGER_LOG: 'warn',
        DATABASE_URL: '',
        RPC_URL: '',
        ...settings,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  )
  let errors = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    errors = (errors + text).slice(-100_000)
  })
  const log = () => errors.trim().split('\n').slice(-TAIL_LINES).join('\n')
  const stop = async () => {
    await end(child)
    await rm(folder, { recursive: true, force: true, maxRetries: 5 })
  }
  try {
    const url = await untilUrl(child)
    const { api } = createTagger({ url })
    const { rpcUrl } = await api.getNetwork()
    if (rpcUrl === null) throw new Error('The network publishes no address of its chain')
    return { url, rpcUrl, api, log, stop }
  } catch (cause) {
    await stop()
    throw new Error(`The network does not start. It wrote:\n${log()}`, { cause })
  }
}

/** The address, which stands alone on a line of the output. */
function untilUrl(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`No address in ${START_MILLISECONDS / 1000} seconds`)),
      START_MILLISECONDS,
    )
    let output = ''
    child.stdout?.setEncoding('utf8').on('data', (text: string) => {
      output += text
      const url = /^http:\/\/\S+$/m.exec(output.slice(0, output.lastIndexOf('\n') + 1))?.[0]
      if (url === undefined) return
      clearTimeout(timer)
      resolve(url)
    })
    child.on('error', reject)
    child.on('exit', (code) => {
      clearTimeout(timer)
      reject(new Error(`It ended with ${code}`))
    })
  })
}

/** Ctrl-C, and the hard way when that does not help. */
async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  child.kill('SIGINT')
  const timer = setTimeout(() => child.kill('SIGKILL'), STOP_MILLISECONDS)
  await ended
  clearTimeout(timer)
}
