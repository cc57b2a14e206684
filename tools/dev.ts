/** `npm run dev`: the node restarts and the app reloads when their sources change. */
import { join } from 'node:path'
import { createServer } from 'vite'
import { findFreePort } from './free-port.ts'
import { run } from './run.mjs'

const root = join(import.meta.dirname, '..')
const port = Number(process.env.PORT) || (await findFreePort())

const app = await createServer({
  root: join(root, 'packages/web'),
  clearScreen: false,
  logLevel: 'warn',
  server: { host: '127.0.0.1', proxy: { '/api': `http://127.0.0.1:${port}` } },
})
await app.listen()
console.log(`Tagger for developers: ${app.resolvedUrls?.local[0]} (Ctrl-C stops it)`)

const node = ['--watch', '--watch-preserve-output', '--disable-warning=ExperimentalWarning']
const { code } = await run(
  process.execPath,
  [...node, join(root, 'packages/cli/src/main.ts'), 'up', '--dev', '--no-open', ...process.argv.slice(2)],
  { env: { ...process.env, PORT: String(port) } },
)
await app.close()
process.exitCode = code
