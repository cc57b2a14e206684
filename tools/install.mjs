import { createHash } from 'node:crypto'
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { withLock } from './lock.mjs'
import { run } from './run.mjs'

const STAMP = 'node_modules/.tagger-installed'

/** A failure the reader can mend; its message says how. */
export class InstallError extends Error {}

/**
 * Installs the packages of a folder by its lockfile, unless they are installed already.
 * @param {string} folder
 * @param {{ what: string, lock: string }} options what the packages are called on screen, and the lock file
 */
export async function install(folder, { what, lock }) {
  if (isInstalled(folder)) return
  const waiting = () => console.error('Waiting for another command that is installing packages…')
  try {
    await withLock(lock, waiting, async (alsoHeldBy) => {
      if (isInstalled(folder)) return
      await npmCi(folder, what, alsoHeldBy)
      writeFileSync(join(folder, STAMP), stampOf(folder))
    })
  } catch (error) {
    if (error instanceof InstallError) throw error
    throw new InstallError(`Could not install ${what}: ${error}\n${adviceFor(String(error), folder)}`)
  }
}

/** @param {string} folder */
function isInstalled(folder) {
  const stamp = join(folder, STAMP)
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === stampOf(folder)) return true
  // `npm install` by hand writes npm's own record after the lockfile: what is there is current.
  const record = join(folder, 'node_modules/.package-lock.json')
  if (!existsSync(record) || changedAt(record) < changedAt(join(folder, 'package-lock.json'))) return false
  writeFileSync(stamp, stampOf(folder))
  return true
}

/** @param {string} file */
function changedAt(file) {
  return statSync(file).mtimeMs
}

/** @param {string} folder */
function stampOf(folder) {
  const hash = createHash('sha256')
    .update(readFileSync(join(folder, 'package-lock.json')))
    .digest('hex')
  return `${hash} ${process.platform}-${process.arch}\n`
}

/**
 * @param {string} folder
 * @param {string} what
 * @param {(pid: number) => void} onStart
 */
async function npmCi(folder, what, onStart) {
  const progress = showProgress(`Installing ${what} (only when the lockfile changes)`)
  const { code, output } = await run(
    'npm',
    ['ci', '--prefix', folder, '--include=dev', '--include=optional', '--no-audit', '--no-fund'],
    {
      capture: true,
      cwd: folder,
      onStart,
      // A caller that silences npm would silence the reason of a failure too.
      env: { ...process.env, npm_config_loglevel: 'notice' },
    },
  )
  progress.end()
  if (code !== 0)
    throw new InstallError(`${output}\nCould not install ${what}.\n${adviceFor(output, folder)}`)
}

/** @param {string} text */
function showProgress(text) {
  const live = process.stderr.isTTY
  const start = Date.now()
  const draw = () => process.stderr.write(`\r${text}… ${Math.round((Date.now() - start) / 1000)} s`)
  if (!live) console.error(`${text}…`)
  const timer = live ? setInterval(draw, 1000) : undefined
  return {
    end() {
      clearInterval(timer)
      if (live) process.stderr.write('\r\x1b[K')
    },
  }
}

/**
 * @param {string} output
 * @param {string} folder
 */
function adviceFor(output, folder) {
  if (/ENOSPC/.test(output)) return 'The disk is full: free about 2 GB and run the command again.'
  if (/EACCES|EPERM|EROFS/.test(output)) {
    return `No right to write in ${folder}: make it yours (for example "sudo chown -R $USER .") and run the command again.`
  }
  if (/ENOTFOUND|ECONNREFUSED|ECONNRESET|ETIMEDOUT|EAI_AGAIN/.test(output)) {
    return 'npm cannot reach its registry: check the network or proxy and run the command again.'
  }
  if (/EUSAGE/.test(output))
    return 'package.json and package-lock.json disagree: run "npm install", look at the change, commit both.'
  return 'The lines above say why; run the command again once that is mended.'
}
