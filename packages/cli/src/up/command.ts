import { loadConfig, startNode } from '@tagger/node'
import { TaggerError } from '@tagger/protocol'
import { Command, Option } from 'commander'
import { createSwitch, runDemo } from '../demo/demo.ts'
import { wholeNumber } from '../settings.ts'
import { onExit, untilStopped } from '../shutdown.ts'
import { hasScreen, openBrowser } from './browser.ts'
import { markRunning, runningNode, unmarkRunning } from './running.ts'
import { builtWeb } from './web-build.ts'

interface Options {
  port?: number
  open: boolean
  dev?: boolean
  demo: boolean
  withParent?: boolean
}

/** `tagger up`: a node with its app, and on a local network a demo. */
export function upCommand(): Command {
  return new Command('up')
    .description('Start a node and its app. Without settings: a local network with play money and a demo.')
    .option('-p, --port <port>', 'port to listen on', wholeNumber('--port', 65_535))
    .option('--no-open', 'do not open a browser')
    .option('--dev', 'do not build or serve the app: `npm run dev` does')
    .option('--no-demo', 'no demo campaigns and no demo crowd')
    .addOption(new Option('--with-parent', 'end when the standard input closes').hideHelp())
    .action(up)
}

async function up(options: Options): Promise<never> {
  if (options.withParent) process.stdin.resume().once('end', () => process.kill(process.pid, 'SIGTERM'))
  const note = (line: string) => void process.stderr.write(`${line}\n`)
  const config = loadConfig(process.env, options.port === undefined ? {} : { port: options.port })
  const running = await runningNode(config.dataFolder)
  if (running !== null) {
    throw new TaggerError('conflict', `A node runs on ${config.dataFolder} already: ${running.url}`, {
      hints: ['Stop it with Ctrl-C, or set TAGGER_DATA to another folder.'],
    })
  }
  const webFolder = options.dev ? null : (config.webFolder ?? (await builtWeb(note)))
  const { node, url, close } = await startNode({ ...config, webFolder })
  onExit(close)
  await markRunning(config.dataFolder, { pid: process.pid, url })
  onExit(() => unmarkRunning(config.dataFolder))

  console.log(url)
  if (options.open && hasScreen()) openBrowser(url)
  if (options.demo && node.chain.isLocal) {
    const demo = new AbortController()
    const crowd = createSwitch()
    node.demoCrowd = crowd
    const ended = runDemo({ url, crowd, say: note, signal: demo.signal })
    onExit(async () => {
      demo.abort(new Error('The node stops'))
      await ended
    })
  }
  return await untilStopped()
}
