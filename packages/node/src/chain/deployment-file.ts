import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { type Address, TaggerError } from '@tagger/protocol'
import type { Contracts } from '../node.ts'

/** One deployment of the contracts, as `contracts.json` holds it. */
export interface Deployment {
  /** SHA-256 over the data it was deployed with, for telling whether this version's contracts are others. */
  bytecode: string
  contracts: Contracts
}

const REQUIRED = [
  'campaigns',
  'parameters',
  'passports',
  'licenses',
  'tagToken',
  'staking',
  'disputes',
  'timelock',
  'tagGovernor',
] as const satisfies readonly (keyof Contracts)[]

/** Addresses of contracts deployed earlier, null when there is no such file. */
export function readDeployment(file: string): Deployment | null {
  let text: string
  try {
    text = readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
  try {
    const { bytecode, contracts } = JSON.parse(text) as Deployment
    const isWhole = REQUIRED.every((name) => /^0x[0-9a-fA-F]{40}$/.test(contracts[name]))
    if (!isWhole) throw new Error('an address is missing')
    const named = Object.fromEntries(REQUIRED.map((name) => [name, contracts[name]]))
    return { bytecode, contracts: lowerCased({ ...named, testUsd: contracts.testUsd ?? null } as Contracts) }
  } catch (cause) {
    throw new TaggerError('bad-document', `${file} does not name the contracts`, {
      hints: ['Restore it, or on a local network run `npm run reset`.'],
      cause,
    })
  }
}

/** Writes the file whole or not at all. */
export function writeDeployment(file: string, deployment: Deployment): void {
  const draft = `${file}.new`
  writeFileSync(draft, `${JSON.stringify(deployment, null, 2)}\n`, { flush: true })
  renameSync(draft, file)
}

/** Addresses as the node compares them. */
export function lowerCased(contracts: Contracts): Contracts {
  const entries = Object.entries(contracts).map(([name, address]) => [
    name,
    (address?.toLowerCase() ?? null) as Address | null,
  ])
  return Object.fromEntries(entries) as Contracts
}
