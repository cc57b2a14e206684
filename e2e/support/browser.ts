import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Browser, chromium } from 'playwright-core'

const INSTALLED = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome']
// Chromium looks up its maker's hosts at every start; a test must call nothing outside.
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** Starts Chromium: `CHROME_PATH`, an installed one, else the one from npm. Throws when there is none that runs. */
export async function launchBrowser(): Promise<Browser> {
  const installed = [process.env.CHROME_PATH, ...INSTALLED].find(
    (path) => path !== undefined && existsSync(path),
  )
  const { executablePath, libraries } =
    installed === undefined ? await bundledChromium() : { executablePath: installed, libraries: null }
  const env = { ...process.env, ...(libraries && { LD_LIBRARY_PATH: libraries }) } as Record<string, string>
  try {
    return await chromium.launch({ executablePath, args: QUIET, env })
  } catch (cause) {
    throw new Error(`The browser at ${executablePath} does not start; set CHROME_PATH to one that does`, {
      cause,
    })
  }
}

/** Chromium from npm, with its own system libraries where the machine lacks them. */
async function bundledChromium(): Promise<{ executablePath: string; libraries: string | null }> {
  // Read at import: makes the package unpack its libraries beside the browser.
  process.env.AWS_EXECUTION_ENV ??= 'nodejs24.x'
  const { default: bundled } = await import('@sparticuz/chromium')
  const executablePath = await bundled.executablePath()
  const libraries = join(tmpdir(), 'al2023', 'lib')
  return { executablePath, libraries: lacksLibraries(executablePath) ? libraries : null }
}

function lacksLibraries(executablePath: string): boolean {
  try {
    return execFileSync('ldd', [executablePath], { encoding: 'utf8' }).includes('not found')
  } catch {
    return true
  }
}
