import { join, resolve } from 'node:path'
import { loadConfig } from '@tagger/node'
import { TaggerError } from '@tagger/protocol'

/** The repository this command line belongs to. */
export const ROOT = resolve(import.meta.dirname, '../../..')

/** Where public data sets lie, for `--data <name>`: beside the repository unless TAGGER_DATASETS says otherwise. */
export function datasetsFolder(): string {
  return resolve(process.env.TAGGER_DATASETS ?? join(ROOT, '../shared/data'))
}

/** The node commands talk to unless told otherwise. */
export function defaultNodeUrl(): string {
  return process.env.TAGGER_URL ?? `http://127.0.0.1:${process.env.PORT ?? '4747'}`
}

/** Where the command line keeps campaigns and receipts. */
export function receiptsFolder(): string {
  return join(loadConfig().dataFolder, 'receipts')
}

/** A private key for commands that act: `--key`, else TAGGER_KEY. */
export function readKey(option?: string): `0x${string}` {
  const key = option ?? process.env.TAGGER_KEY
  if (key !== undefined && /^0x[0-9a-fA-F]{64}$/.test(key)) return key as `0x${string}`
  throw new TaggerError('bad-request', 'This needs the private key of an account', {
    hints: ['Set TAGGER_KEY to 0x and 64 hex digits, or pass --key.'],
  })
}

/** A whole number from an option. */
export function wholeNumber(name: string, most = Number.MAX_SAFE_INTEGER): (text: string) => number {
  return (text) => {
    const number = Number(text)
    if (/^\d+$/.test(text) && number <= most) return number
    throw new TaggerError('bad-request', `${name} must be a whole number up to ${most}, not "${text}"`)
  }
}
