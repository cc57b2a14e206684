import { setTimeout as wait } from 'node:timers/promises'
import { parametersAbi } from '@tagger/contracts/abi'
import type { DeployPlan, DeployStep } from '@tagger/contracts/deploy'
import { TaggerError } from '@tagger/protocol'
import { createWalletClient, http, isAddressEqual, type PublicClient } from 'viem'
import type { PrivateKeyAccount } from 'viem/accounts'

const POLL_MILLISECONDS = 1_000

/** Sends the steps that are not on the chain yet, one after the other, and makes sure of each. */
export async function carryOut(options: {
  client: PublicClient
  rpc: string
  account: PrivateKeyAccount
  plan: DeployPlan
  onStep(step: DeployStep, isNew: boolean): void
}): Promise<void> {
  const { client, rpc, account, plan, onStep } = options
  const wallet = createWalletClient({ account, transport: http(rpc) })
  for (const step of plan.steps) {
    const isNew = !(await isDone(client, account, step))
    if (isNew) {
      const { nonce, data, deploys, address } = step
      const to = deploys === null ? address : null
      const hash = await wallet.sendTransaction({ to, data, nonce, chain: null })
      const { status } = await client.waitForTransactionReceipt({ hash })
      if (status !== 'success') throw failed(step, 'the chain refused it')
    }
    if (step.deploys !== null && !(await client.getCode({ address: step.address }))) {
      throw failed(step, 'the deployer sent something else with this nonce')
    }
    onStep(step, isNew)
  }
  await requireHandedOver(client, plan)
}

/** Whether a step's nonce is used. One that was sent but is not mined yet is waited for. */
async function isDone(client: PublicClient, account: PrivateKeyAccount, step: DeployStep): Promise<boolean> {
  const count = (blockTag: 'latest' | 'pending') =>
    client.getTransactionCount({ address: account.address, blockTag })
  if ((await count('pending')) <= step.nonce) return false
  while ((await count('latest')) <= step.nonce) await wait(POLL_MILLISECONDS)
  return true
}

/** The proof of the last step: nobody but the timelock can move a number. */
async function requireHandedOver(client: PublicClient, { contracts }: DeployPlan): Promise<void> {
  const { parameters: address, timelock } = contracts
  const owner = await client.readContract({ address, abi: parametersAbi, functionName: 'owner' })
  if (!isAddressEqual(owner, timelock)) {
    throw new TaggerError('conflict', `The parameters still belong to ${owner}`, {
      hints: ['The deployer sent other transactions in between: remove the journal and start anew.'],
    })
  }
}

function failed(step: DeployStep, why: string): TaggerError {
  return new TaggerError('transaction-failed', `Could not ${step.title} (nonce ${step.nonce}): ${why}`, {
    hints: ['Nothing depends on what is there so far: remove the journal and start anew.'],
  })
}
