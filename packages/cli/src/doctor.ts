import { existsSync } from 'node:fs'
import { readdir, stat, statfs } from 'node:fs/promises'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { type Config, loadConfig } from '@tagger/node'
import { createTagger } from '@tagger/sdk'
import { Command } from 'commander'
import { createVoice, EXIT, Exit } from './output.ts'
import { ROOT } from './settings.ts'
import { runningNode } from './up/running.ts'
import { currentBuild } from './up/web-build.ts'

type Level = 'ok' | 'note' | 'bad'
interface Finding {
  name: string
  level: Level
  text: string
}

const LEAST_FREE_BYTES = 2 ** 30

/** `tagger doctor`: what is embedded, what is real, what is exposed, and what would stand in the way. */
export function doctorCommand(): Command {
  return new Command('doctor')
    .description('Look at settings, disk, ports and the running node.')
    .option('--json', 'one JSON line last')
    .action(async (options: { json?: boolean }) => {
      const voice = createVoice(options)
      const findings = await examine(loadConfig())
      for (const { name, level, text } of findings) voice.say(`${MARKS[level]} ${name.padEnd(10)} ${text}`)
      const isWell = findings.every(({ level }) => level !== 'bad')
      voice.result({ ok: isWell, findings })
      if (!isWell) throw new Exit(EXIT.failed)
    })
}

const MARKS: Record<Level, string> = { ok: '✓', note: '·', bad: '✗' }

async function examine(config: Config): Promise<Finding[]> {
  const running = await runningNode(config.dataFolder)
  return [
    versions(),
    database(config),
    chain(config),
    exposure(config),
    await data(config.dataFolder),
    await disk(config.dataFolder),
    running === null
      ? await port(config)
      : { name: 'port', level: 'ok', text: `${running.url} is served by process ${running.pid}` },
    app(config),
    ...(running === null ? [] : await health(running.url)),
  ]
}

function versions(): Finding {
  const isNew = Number(process.versions.node.split('.')[0]) >= 24
  return {
    name: 'Node',
    level: isNew ? 'ok' : 'bad',
    text: `${process.version} on ${process.platform}-${process.arch}`,
  }
}

function database({ databaseUrl }: Config): Finding {
  if (databaseUrl === null)
    return { name: 'database', level: 'ok', text: 'embedded PGlite, files in the data folder' }
  const { host, pathname } = new URL(databaseUrl)
  return { name: 'database', level: 'ok', text: `PostgreSQL at ${host}${pathname} (DATABASE_URL)` }
}

function chain({ rpcUrl }: Config): Finding {
  if (rpcUrl !== null) return { name: 'chain', level: 'ok', text: `${new URL(rpcUrl).origin} (RPC_URL)` }
  const anvil = join(ROOT, 'node_modules/@foundry-rs/anvil-linux-amd64/bin/anvil')
  const onPath = (process.env.PATH ?? '').split(':').some((folder) => existsSync(join(folder, 'anvil')))
  if (existsSync(anvil) || onPath) {
    return {
      name: 'chain',
      level: 'ok',
      text: 'embedded local chain 31337, play money, state in the data folder',
    }
  }
  return { name: 'chain', level: 'bad', text: 'no anvil here: put `anvil` on the PATH or set RPC_URL' }
}

function exposure({ host, rpcUrl }: Config): Finding {
  const isLoopback = host === '127.0.0.1' || host === 'localhost' || host === '::1'
  if (isLoopback) return { name: 'exposed', level: 'ok', text: `to this machine only (${host})` }
  if (rpcUrl === null) {
    return {
      name: 'exposed',
      level: 'bad',
      text: `${host}: a local network has a faucet, keep it on 127.0.0.1`,
    }
  }
  return { name: 'exposed', level: 'note', text: `to whoever reaches ${host}: put TLS in front of it` }
}

async function data(folder: string): Promise<Finding> {
  if (!existsSync(folder))
    return { name: 'data', level: 'note', text: `${folder} is made by the first start` }
  return { name: 'data', level: 'ok', text: `${folder}, ${megabytes(await sizeOf(folder))}` }
}

async function disk(folder: string): Promise<Finding> {
  let place = folder
  while (!existsSync(place) && dirname(place) !== place) place = dirname(place)
  const { bavail, bsize } = await statfs(place)
  const free = bavail * bsize
  return { name: 'disk', level: free < LEAST_FREE_BYTES ? 'bad' : 'ok', text: `${megabytes(free)} free` }
}

async function port({ port: number, host }: Config): Promise<Finding> {
  if (number === 0) return { name: 'port', level: 'ok', text: 'any free one' }
  const isFree = await new Promise<boolean>((resolve) => {
    const server = createServer()
    server.once('error', () => resolve(false))
    server.listen(number, host, () => server.close(() => resolve(true)))
  })
  return isFree
    ? { name: 'port', level: 'ok', text: `${number} is free` }
    : { name: 'port', level: 'bad', text: `${number} is taken: set PORT to another one` }
}

function app({ webFolder }: Config): Finding {
  const folder = webFolder ?? currentBuild()
  return folder !== null && existsSync(join(folder, 'index.html'))
    ? { name: 'app', level: 'ok', text: `built in ${folder}` }
    : { name: 'app', level: 'note', text: 'is built by the first start' }
}

async function health(url: string): Promise<Finding[]> {
  const { api } = createTagger({ url, retry: { tries: 1 } })
  const [network, state] = await Promise.all([api.getNetwork(), api.getHealth()])
  const behind = state.chain.block - state.chain.indexedBlock
  return [
    {
      name: 'node',
      level: state.ok ? 'ok' : 'bad',
      text: `${network.name} ${network.version}, chain ${network.chainId}, block ${state.chain.block}, ${behind} behind`,
    },
    {
      name: 'outbox',
      level: state.outbox.failed > 0 ? 'bad' : 'ok',
      text: `${state.outbox.waiting} transactions waiting, ${state.outbox.failed} failed`,
    },
  ]
}

async function sizeOf(folder: string): Promise<number> {
  let bytes = 0
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    // Files come and go while a node runs.
    if (entry.isFile())
      bytes += await stat(join(entry.parentPath, entry.name)).then(
        ({ size }) => size,
        () => 0,
      )
  }
  return bytes
}

function megabytes(bytes: number): string {
  return bytes > 10 * 2 ** 30 ? `${Math.round(bytes / 2 ** 30)} GiB` : `${Math.round(bytes / 2 ** 20)} MiB`
}
