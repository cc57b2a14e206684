import { createHash } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { type DeployOptions, type DeployPlan, planDeployment } from '@tagger/contracts/deploy'
import { type Address, TaggerError } from '@tagger/protocol'
import { type PublicClient, parseEther } from 'viem'
import type { Contracts } from '../node.ts'
import { lowerCased, readDeployment, writeDeployment } from './deployment-file.ts'
import type { Send } from './local-accounts.ts'

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
  writeDeployment(options.file, { bytecode: bytecodeHash(), contracts })
  return contracts
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
