import { createHash } from 'node:crypto'
import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { setTimeout as wait } from 'node:timers/promises'
import { type DeployOptions, type DeployPlan, planDeployment } from '@tagger/contracts/deploy'
import { type Address, TaggerError } from '@tagger/protocol'
import { type PublicClient, parseEther } from 'viem'
import type { Contracts } from '../node.ts'
import type { Send } from './local-accounts.ts'

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

interface Deployment {
  /** SHA-256 over the bytecode it was made from. */
  bytecode: string
  contracts: Contracts
}

const DEPLOY_TRIES = 3

/** The local network's numbers: people watch and wait, and the faucet gives a thousand TAG. */
const LOCAL = {
  minChallengeWindow: 10n,
  timelockDelay: 10n,
  numbers: [
    ['votingDelay', 10n],
    ['votingPeriod', 60n],
    ['stakeCooldown', 120n],
    ['commitTime', 30n],
    ['revealTime', 30n],
    ['minValidatorStake', parseEther('100')],
    ['disputeBond', parseEther('100')],
    ['proposalThreshold', parseEther('100')],
  ],
  withTestUsd: true,
} as const satisfies Partial<DeployOptions>

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

/** Sends one step after the other, each with its own nonce: where each contract will live is known before. */
async function deploy(options: { client: PublicClient; send: Send; owner: Address; treasury: Address }) {
  const { client, send, owner, treasury } = options
  const nonce = await client.getTransactionCount({ address: owner, blockTag: 'pending' })
  const plan = localPlan(owner, treasury, nonce)
  for (const step of plan.steps) await take({ client, send, owner, step })
  return lowerCased(plan.contracts)
}

function localPlan(owner: Address, treasury: Address, nonce: number): DeployPlan {
  return planDeployment({ ...LOCAL, deployer: owner, nonce, tagReceiver: owner, treasury })
}

function lowerCased(contracts: Contracts): Contracts {
  const entries = Object.entries(contracts).map(([name, address]) => [name, address?.toLowerCase() ?? null])
  return Object.fromEntries(entries) as unknown as Contracts
}

/** Takes one step. A chain that does not answer in time is asked again: with its nonce it happens once. */
async function take(options: {
  client: PublicClient
  send: Send
  owner: Address
  step: DeployPlan['steps'][number]
}): Promise<void> {
  const { client, send, owner, step } = options
  const { nonce, data, deploys, address } = step
  let reason: unknown
  for (let tries = 0; tries < DEPLOY_TRIES; tries++) {
    try {
      const { status } = await send({ ...(deploys === null ? { to: address } : {}), data, nonce })
      reason = `it came out as ${status}`
      if (status === 'success') return
    } catch (cause) {
      reason = cause
      await wait(1_000)
    }
    const sent = await client.getTransactionCount({ address: owner })
    if (sent > nonce && (deploys === null || (await client.getCode({ address })))) return
  }
  throw new TaggerError('transaction-failed', `Could not ${step.title}`, {
    hints: ['Run `npm run reset` and start again.'],
    cause: reason,
  })
}

/** Over all that the local network is deployed with: another compiler output or other numbers make another one. */
function bytecodeHash(): string {
  const owner: Address = `0x${'01'.repeat(20)}`
  const { steps } = localPlan(owner, owner, 0)
  return createHash('sha256')
    .update(steps.map(({ data }) => data).join('\n'))
    .digest('hex')
}
