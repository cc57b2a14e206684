/** The one door of this repository: brings Node 24 and the packages, then runs a command under them. */
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { InstallError, install } from './install.mjs'
import { run } from './run.mjs'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const lock = join(root, 'tools/.install.lock')
const cli = 'packages/cli/src/main.ts'

/** @type {Record<string, { script: string, args?: string[], cwd?: string }>} */
const commands = {
  start: { script: cli, args: ['up'] },
  tagger: { script: cli },
  replay: { script: cli, args: ['replay'] },
  reset: { script: cli, args: ['reset'] },
  test: { script: 'tools/test.ts' },
  'test:deep': { script: 'tools/test.ts', args: ['--deep'] },
  check: { script: 'tools/check.ts' },
  bench: { script: 'bench/main.ts' },
  audit: { script: 'packages/contracts/scripts/audit.ts', cwd: 'packages/contracts' },
  dev: { script: 'tools/dev.ts' },
  gas: { script: 'packages/contracts/scripts/gas.ts', cwd: 'packages/contracts' },
  'build:contracts': { script: 'packages/contracts/scripts/generate.ts', cwd: 'packages/contracts' },
  'build:web': { script: 'node_modules/vite/bin/vite.js', args: ['build'], cwd: 'packages/web' },
  format: { script: 'node_modules/@biomejs/biome/bin/biome', args: ['check', '--write'] },
}

try {
  const [name = '', ...rest] = process.argv.slice(2)
  const command = commands[name]
  if (!command)
    throw new InstallError(`Usage: node tools/bootstrap.mjs <${Object.keys(commands).join(' | ')}>`)
  process.exitCode = await handOver(command, rest)
} catch (error) {
  if (!(error instanceof InstallError)) throw error
  console.error(error.message)
  process.exitCode = 1
}

/**
 * @param {{ script: string, args?: string[], cwd?: string }} command
 * @param {string[]} rest
 */
async function handOver({ script, args = [], cwd }, rest) {
  const node = await findNode()
  process.env.PATH = [dirname(node), join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter)
  // Half of what a short command takes is compiling what the last one compiled.
  process.env.NODE_COMPILE_CACHE ??= join(root, 'node_modules/.cache/node')
  process.env.HARDHAT_DISABLE_TELEMETRY_PROMPT = 'true'
  await install(root, { what: 'packages', lock })
  const target = join(root, script)
  const { code } = await run(node, ['--disable-warning=ExperimentalWarning', target, ...args, ...rest], {
    cwd: cwd && join(root, cwd),
  })
  return code
}

/** The Node to use: this one when it is new enough, else the one npm brings. */
async function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath
  const toolchain = join(root, 'tools/toolchain')
  const node = join(toolchain, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin/node')
  const known = process.platform === 'linux' && ['x64', 'arm64'].includes(process.arch)
  if (known) {
    const fresh = !existsSync(node)
    await install(toolchain, { what: 'Node 24', lock })
    if (!fresh || spawnSync(node, ['--version']).status === 0) return node
  }
  throw new InstallError(
    `Node 24 or newer is needed: this is ${process.version}, and npm brings no Node 24 that runs on ` +
      `${process.platform}-${process.arch}.\nInstall it (https://nodejs.org, or "nvm install 24") and run the command again.`,
  )
}
