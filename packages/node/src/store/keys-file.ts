import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { TaggerError } from '@tagger/protocol'
import { randomSecrets, type Secrets } from './keys.ts'

const NAMES = ['operator', 'receiptKey', 'wrapping', 'hmac'] as const

/** The secrets of a data folder (`keys.json`, readable by its owner only), made at the first start. */
export function loadSecrets(dataFolder: string): Secrets {
  const file = join(dataFolder, 'keys.json')
  return read(file) ?? create(file)
}

function create(file: string): Secrets {
  const draft = `${file}.${process.pid}`
  writeFileSync(draft, `${JSON.stringify(randomSecrets(), null, 2)}\n`, { mode: 0o600, flush: true })
  try {
    // Linking fails when the file exists: keys that hold somebody's escrow are never replaced.
    linkSync(draft, file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
  return read(file)!
}

function read(file: string): Secrets | null {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  const secrets = parse(text)
  if (secrets === null) {
    throw new TaggerError('bad-document', `${file} does not hold the node’s keys`, {
      hints: [
        'Restore it from a backup: without it neither receipts nor encrypted items can be used.',
        'On a local network `npm run reset` starts anew.',
      ],
    })
  }
  return secrets
}

function parse(text: string): Secrets | null {
  try {
    const secrets = JSON.parse(text) as Secrets
    return NAMES.every((name) => /^0x[0-9a-f]{64}$/.test(secrets[name])) ? secrets : null
  } catch {
    return null
  }
}
