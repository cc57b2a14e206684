import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TaggerError } from '@tagger/protocol'
import { ROOT } from '../settings.ts'
import { onExit } from '../shutdown.ts'

const SOURCES = [
  'packages/web/{src,public}/**/*',
  'packages/web/{index.html,package.json,vite.config.ts,tsconfig.json}',
  'packages/{protocol,formats,sdk}/src/**/*',
  'packages/contracts/abi/*',
]
const DIST = join(ROOT, 'packages/web/dist')
const STAMP = join(DIST, '.sources')

/** The built app, built anew when what it is made of has changed; null when there is no app in this checkout. */
export async function builtWeb(say: (line: string) => void): Promise<string | null> {
  if (!existsSync(join(ROOT, 'packages/web/index.html'))) return existsSync(DIST) ? DIST : null
  const sources = hashSources()
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === sources) return DIST
  say('Building the app …')
  await build()
  writeFileSync(STAMP, sources)
  return DIST
}

function hashSources(): string {
  const hash = createHash('sha256')
  const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).sort()
  for (const file of files) {
    const path = join(ROOT, file)
    if (!statSync(path).isFile()) continue
    hash.update(file).update('\0').update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex')
}

function build(): Promise<void> {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js')
  const child = spawn(process.execPath, [vite, 'build', '--logLevel', 'warn'], {
    cwd: join(ROOT, 'packages/web'),
    // Whatever this process runs as (a test, say), people get the production build.
    env: { ...process.env, NODE_ENV: 'production' },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  onExit(() => void child.kill())
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text
    })
  }
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => {
      if (code === 0) return resolve()
      reject(
        new TaggerError('internal', 'The app could not be built', {
          hints: [...output.trim().split('\n').slice(-10), 'Start with --dev to run without it.'],
        }),
      )
    })
  })
}
