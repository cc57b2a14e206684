import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isAlive } from '@tagger/node/is-alive'

/** A node that runs on a data folder. */
export interface RunningNode {
  pid: number
  url: string
}

const pathIn = (dataFolder: string) => join(dataFolder, 'running.json')

/** Leaves word that a node runs here. */
export async function markRunning(dataFolder: string, node: RunningNode): Promise<void> {
  await mkdir(dataFolder, { recursive: true })
  await writeFile(pathIn(dataFolder), JSON.stringify(node))
}

/** Takes the word back. */
export async function unmarkRunning(dataFolder: string): Promise<void> {
  await rm(pathIn(dataFolder), { force: true })
}

/** The node that runs on a folder; null also when it was killed and left its word behind. */
export async function runningNode(dataFolder: string): Promise<RunningNode | null> {
  try {
    const node = JSON.parse(await readFile(pathIn(dataFolder), 'utf8')) as RunningNode
    if (!isAlive(node.pid)) return null
    // Process ids come around again: only a node answers there.
    const answer = await fetch(`${node.url}/api/v1/health`, { signal: AbortSignal.timeout(2_000) })
    return answer.ok || answer.status === 503 ? node : null
  } catch {
    return null
  }
}
