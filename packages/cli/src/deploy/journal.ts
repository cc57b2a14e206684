import { existsSync, readFileSync } from 'node:fs'
import { rename, writeFile } from 'node:fs/promises'
import type { DeployOptions, NumberName } from '@tagger/contracts/deploy'
import { TaggerError } from '@tagger/protocol'

/** What a deployment must remember to be resumed: every address follows from it. */
export interface DeployJournal {
  chainId: number
  options: DeployOptions
  /** Of everything that is sent, so that another version does not finish what this one began. */
  hash: string
}

/** What was begun earlier, null when nothing was. */
export function readJournal(path: string): DeployJournal | null {
  if (!existsSync(path)) return null
  try {
    return JSON.parse(readFileSync(path, 'utf8'), revive) as DeployJournal
  } catch (cause) {
    throw new TaggerError('bad-document', `${path} is no journal of a deployment`, {
      hints: ['Restore it, or remove it to plan a new deployment.'],
      cause,
    })
  }
}

export async function writeJournal(path: string, journal: DeployJournal): Promise<void> {
  await writeFile(`${path}.new`, `${JSON.stringify(journal, print, 2)}\n`, { flush: true })
  await rename(`${path}.new`, path)
}

/** Whether two deployments are the same but for the nonce they start at. */
export function isSameDeployment(one: DeployOptions, other: DeployOptions): boolean {
  const fixed = (options: DeployOptions) => JSON.stringify(sorted({ ...options, nonce: 0 }), print)
  return fixed(one) === fixed(other)
}

function sorted({ numbers = [], ...rest }: DeployOptions) {
  return [...Object.entries(rest).sort(([one], [other]) => (one < other ? -1 : 1)), numbers]
}

function print(_: string, value: unknown): unknown {
  return typeof value === 'bigint' ? `${value}n` : value
}

function revive(_: string, value: unknown): unknown {
  return typeof value === 'string' && /^\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value
}

/** `--set name=value`, several times. */
export function parseNumbers(
  texts: readonly string[],
  known: readonly NumberName[],
): (readonly [NumberName, bigint])[] {
  return texts.map((text) => {
    const [name, value] = text.split('=')
    if (!known.includes(name as NumberName) || !/^\d+$/.test(value ?? '')) {
      throw new TaggerError('bad-request', `--set takes a number's name and a whole number, not "${text}"`, {
        hints: [
          `The names are ${known.join(', ')}.`,
          'Amounts of TAG are in its smallest unit, times in seconds.',
        ],
      })
    }
    return [name as NumberName, BigInt(value!)]
  })
}
