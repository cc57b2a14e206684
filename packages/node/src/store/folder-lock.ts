import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TaggerError } from '@tagger/protocol'

/**
 * Keeps a data folder to one node; the answer releases it. A lock whose holder is dead is taken over. Throws
 * `conflict` when another node runs on it.
 */
export function lockFolder(folder: string): () => void {
  const lock = join(folder, 'node.pid')
  // Linking a finished file makes the lock appear with its content at once.
  const draft = `${lock}.${process.pid}`
  writeFileSync(draft, identityOf(process.pid))
  try {
    for (;;) {
      try {
        linkSync(draft, lock)
        return () => rmSync(lock, { force: true })
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      }
      const holder = readHolder(lock)
      if (holder !== null && isAlive(holder)) throw inUse(folder, Number(holder.split(' ')[0]))
      rmSync(lock, { force: true })
    }
  } finally {
    rmSync(draft, { force: true })
  }
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
  } catch {
    return null
  }
}

function isAlive(holder: string): boolean {
  const pid = Number(holder.split(' ')[0])
  if (!Number.isSafeInteger(pid) || pid <= 0) return false
  try {
    process.kill(pid, 0)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
  return identityOf(pid) === holder
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
