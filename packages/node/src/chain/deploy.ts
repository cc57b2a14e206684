import { createHash } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import {
  campaignsAbi,
  campaignsBytecode,
  licensesAbi,
  licensesBytecode,
  parametersAbi,
  parametersBytecode,
  passportsAbi,
  passportsBytecode,
  tagTokenAbi,
  tagTokenBytecode,
  testUsdAbi,
  testUsdBytecode,
} from '@tagger/contracts/abi'
import { type Address, type Hex, TaggerError } from '@tagger/protocol'
import { encodeDeployData, getContractAddress, type PublicClient } from 'viem'
import type { Contracts } from '../node.ts'
import type { Send } from './local-accounts.ts'

interface Deployment {
  /** SHA-256 over the bytecode it was made from. */
  bytecode: string
  contracts: Contracts
}

/** Least challenge window on the local network, where people watch. */
const LOCAL_WINDOW_SECONDS = 10n
const DEPLOY_TRIES = 3

/**
 * The contracts of the local chain: those of an earlier start, or deployed now. Throws `conflict` when the chain
 * holds others than this version brings.
 */
export async function localContracts(options: {
  file: string
  client: PublicClient
  send: Send
  owner: Address
  treasury: Address
}): Promise<Contracts> {
  const known = readDeployment(options.file)
  const code = known && (await options.client.getCode({ address: known.contracts.campaigns }))
  if (known && code) {
    if (known.bytecode === bytecodeHash()) return known.contracts
    throw new TaggerError('conflict', 'The contracts have changed since this local network was started', {
      hints: ['Run `npm run reset`: it deletes the data folder and starts a new network.'],
    })
  }
  if (known) {
    throw new TaggerError('conflict', 'The local chain does not hold the contracts of this data folder', {
      hints: ['Its state was lost. Run `npm run reset`: it deletes the data folder and starts anew.'],
    })
  }
  const contracts = await deploy(options)
  const draft = `${options.file}.new`
  writeFileSync(draft, `${JSON.stringify({ bytecode: bytecodeHash(), contracts }, null, 2)}\n`, {
    flush: true,
  })
  renameSync(draft, options.file)
  return contracts
}

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
    const required = ['campaigns', 'parameters', 'passports', 'licenses', 'tagToken'] as const
    const isWhole = required.every((name) => /^0x[0-9a-fA-F]{40}$/.test(contracts[name]))
    if (!isWhole) throw new Error('an address is missing')
    const lower = (address: string | null | undefined) =>
      address ? (address.toLowerCase() as Address) : null
    const named = Object.fromEntries(required.map((name) => [name, lower(contracts[name])]))
    return { bytecode, contracts: { ...named, testUsd: lower(contracts.testUsd) } as Contracts }
  } catch (cause) {
    throw new TaggerError('bad-document', `${file} does not name the contracts`, {
      hints: ['Restore it, or on a local network run `npm run reset`.'],
      cause,
    })
  }
}

/** Deploys one after the other: where each contract will live follows from the owner's nonce. */
async function deploy(options: { client: PublicClient; send: Send; owner: Address; treasury: Address }) {
  const { client, send, owner, treasury } = options
  const nonce = await client.getTransactionCount({ address: owner, blockTag: 'pending' })
  const addressAt = (place: number) =>
    getContractAddress({ from: owner, nonce: BigInt(nonce + place) }).toLowerCase() as Address
  const contracts = {
    parameters: addressAt(0),
    campaigns: addressAt(1),
    passports: addressAt(2),
    licenses: addressAt(3),
    tagToken: addressAt(4),
    testUsd: addressAt(5),
  }
  const { parameters, campaigns, passports } = contracts
  const data = [
    encodeDeployData({
      abi: parametersAbi,
      bytecode: parametersBytecode,
      args: [owner, treasury, LOCAL_WINDOW_SECONDS],
    }),
    encodeDeployData({ abi: campaignsAbi, bytecode: campaignsBytecode, args: [parameters] }),
    encodeDeployData({ abi: passportsAbi, bytecode: passportsBytecode, args: [campaigns] }),
    encodeDeployData({ abi: licensesAbi, bytecode: licensesBytecode, args: [passports, parameters] }),
    encodeDeployData({ abi: tagTokenAbi, bytecode: tagTokenBytecode, args: [owner] }),
    encodeDeployData({ abi: testUsdAbi, bytecode: testUsdBytecode }),
  ]
  for (const [place, [name, address]] of Object.entries(contracts).entries()) {
    await deployAt({ client, send, name, address, data: data[place]!, nonce: nonce + place })
  }
  return contracts
}

/** Deploys one contract. A chain that does not answer in time is asked again: with its nonce it happens once. */
async function deployAt(options: {
  client: PublicClient
  send: Send
  name: string
  address: Address
  data: Hex
  nonce: number
}): Promise<void> {
  const { client, send, name, address, data, nonce } = options
  let reason: unknown
  for (let tries = 0; tries < DEPLOY_TRIES; tries++) {
    try {
      const { status } = await send({ data, nonce })
      reason = `it came out as ${status}`
    } catch (cause) {
      reason = cause
      await wait(1_000)
    }
    if (await client.getCode({ address })) return
  }
  throw new TaggerError('transaction-failed', `The contract "${name}" could not be deployed at ${address}`, {
    hints: ['Run `npm run reset` and start again.'],
    cause: reason,
  })
}

function bytecodeHash(): string {
  const all = [
    ...[campaignsBytecode, parametersBytecode, passportsBytecode, licensesBytecode, tagTokenBytecode],
    testUsdBytecode,
  ]
  return createHash('sha256').update(all.join('\n')).digest('hex')
}
