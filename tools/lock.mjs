import { appendFileSync, linkSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'

const ABANDONED_AFTER_MS = 10 * 60_000

/**
 * Does some work while no other process does it; a lock left behind by a dead process is taken over.
 * @template T
 * @param {string} path of the lock file
 * @param {() => void} onWait called once when another process holds the lock
 * @param {(alsoHeldBy: (pid: number) => void) => Promise<T>} work may name a child that keeps the lock if this process dies
 * @returns {Promise<T>}
 */
export async function withLock(path, onWait, work) {
  for (let waited = false; !take(path); waited = true) {
    if (takeAwayStale(path)) continue
    if (!waited) onWait()
    await wait(200)
  }
  const release = () => rmSync(path, { force: true })
  const touch = setInterval(() => utimesSync(path, new Date(), new Date()), 5_000)
  process.on('exit', release)
  try {
    return await work((pid) => appendFileSync(path, `\n${pid}`))
  } finally {
    clearInterval(touch)
    process.off('exit', release)
    release()
  }
}

/** @param {string} path */
function take(path) {
  // Linking a finished file makes the lock appear with its content at once, so nobody ever reads half of it.
  const draft = `${path}.${process.pid}`
  writeFileSync(draft, String(process.pid))
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/**
 * Removes a lock that was left behind; answers whether it is worth trying to take it at once.
 * Warning: only under a lock of its own, and after a second look. Whoever saw the stale one before somebody else took
 * over would remove the lock of a living one.
 * @param {string} path
 * @returns {boolean}
 */
function takeAwayStale(path) {
  const state = stateOf(path)
  if (state !== 'stale') return state === 'gone'
  const takeover = `${path}.takeover`
  if (!take(takeover)) return takeAwayStale(takeover)
  try {
    if (stateOf(path) === 'stale') rmSync(path)
  } finally {
    rmSync(takeover, { force: true })
  }
  return true
}

/**
 * @param {string} path of a lock
 * @returns {'held' | 'stale' | 'gone'}
 */
function stateOf(path) {
  try {
    const isHeld = readFileSync(path, 'utf8').split('\n').some(isAlive)
    return isHeld && Date.now() - statSync(path).mtimeMs <= ABANDONED_AFTER_MS ? 'held' : 'stale'
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return 'gone'
    throw error
  }
}

/** @param {string} pid */
function isAlive(pid) {
  try {
    process.kill(Number(pid), 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

/** @param {unknown} error */
function codeOf(error) {
  return /** @type {NodeJS.ErrnoException} */ (error).code
}
