import { spawn } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, globSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { TaggerError } from '@tagger/protocol'
import { ROOT } from '../settings.ts'
import { onExit } from '../shutdown.ts'
import { openBuildStore } from './build-store.ts'

const SOURCES = [
  'packages/web/{src,public}/**/*',
  'packages/web/{index.html,package.json,vite.config.ts,tsconfig.json}',
  'packages/{protocol,formats,sdk}/src/**/*',
  'packages/contracts/abi/*',
]
/** Where builds of the app are, one folder per state of its sources. */
const BUILDS = join(ROOT, 'packages/web/builds')

/**
 * The built app, built anew when what it is made of has changed; null when there is no app in this checkout.
 * Other servers of the checkout keep the build they serve.
 */
export async function builtWeb(say: (line: string) => void): Promise<string | null> {
  if (!existsSync(join(ROOT, 'packages/web/index.html'))) return null
  const store = openBuildStore(BUILDS)
  const name = hashSources()
  onExit(() => store.release(name))
  let folder = store.take(name)
  if (folder === null) {
    say('Building the app …')
    const scratch = store.scratch()
    await build(scratch)
    store.keep(scratch, name)
    folder = store.take(name)
  }
  store.sweep()
  return folder
}

/** The build of the sources as they are, null when there is none yet. */
export function currentBuild(): string | null {
  const folder = join(BUILDS, hashSources())
  return existsSync(join(folder, 'index.html')) ? folder : null
}

function hashSources(): string {
  const hash = createHash('sha256')
  const files = SOURCES.flatMap((pattern) => globSync(pattern, { cwd: ROOT })).sort()
  for (const file of files) {
    const path = join(ROOT, file)
    if (!statSync(path).isFile()) continue
    hash.update(file).update('\0').update(readFileSync(path)).update('\0')
  }
  return hash.digest('hex').slice(0, 32)
}

function build(outDir: string): Promise<void> {
  const vite = join(ROOT, 'node_modules/vite/bin/vite.js')
  const child = spawn(process.execPath, [vite, 'build', '--outDir', outDir, '--logLevel', 'warn'], {
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
