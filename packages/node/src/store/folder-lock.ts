import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TaggerError } from '@tagger/protocol'
import { isAlive } from '../is-alive.ts'

/**
 * Keeps a data folder to one node; the answer releases it. A lock whose holder is dead is taken over. Throws
 * `conflict` when another node runs on it, or is about to.
 */
export function lockFolder(folder: string): () => void {
  const lock = join(folder, 'node.pid')
  const holder = take(lock)
  if (holder !== null) throw inUse(folder, Number(holder.split(' ')[0]))
  return () => rmSync(lock, { force: true })
}

/** Takes a lock; answers with the living process that stands in the way. */
function take(lock: string): string | null {
  // Linking a finished file makes the lock appear with its content at once.
  const draft = `${lock}.${process.pid}`
  writeFileSync(draft, identityOf(process.pid))
  try {
    for (;;) {
      try {
        linkSync(draft, lock)
        return null
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      const holder = readHolder(lock)
      if (holder === null) continue
      const inTheWay = isHolding(holder) ? holder : removeDead(lock)
      if (inTheWay !== null) return inTheWay
    }
  } finally {
    rmSync(draft, { force: true })
  }
}

/**
 * Removes the lock of a dead process; answers with the living one that is doing so.
 * Warning: only under a lock of its own, and after a second look. Whoever saw the dead one before somebody else took
 * over would remove the lock of a living one.
 */
function removeDead(lock: string): string | null {
  const takeover = `${lock}.takeover`
  const other = take(takeover)
  if (other !== null) return other
  try {
    const holder = readHolder(lock)
    if (holder !== null && !isHolding(holder)) rmSync(lock)
  } finally {
    rmSync(takeover)
  }
  return null
}

function inUse(folder: string, pid: number): TaggerError {
  return new TaggerError('conflict', `A node runs on ${folder} already (process ${pid})`, {
    hints: ['Open the one that runs, or stop it first.', 'Or set TAGGER_DATA and PORT to others.'],
    data: { pid },
  })
}

function readHolder(lock: string): string | null {
  try {
    return readFileSync(lock, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

function isHolding(holder: string): boolean {
  const pid = Number(holder.split(' ')[0])
  return isAlive(pid) && identityOf(pid) === holder
}

/** A process id with its start time where the system tells: after a reboot the id may be somebody else's. */
function identityOf(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    return `${pid} ${stat.slice(stat.lastIndexOf(')') + 2).split(' ')[19]}`
  } catch {
    return String(pid)
  }
}
