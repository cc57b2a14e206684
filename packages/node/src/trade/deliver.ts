import { randomBytes } from 'node:crypto'
import { licensesAbi } from '@tagger/contracts/abi'
import { fromHex, type Hex, sealKey, toHex } from '@tagger/protocol'
import {
  type ContractFunctionReturnType,
  encodeAbiParameters,
  encodeFunctionData,
  keccak256,
  parseUnits,
} from 'viem'
import { enqueue } from '../chain/outbox.ts'
import { leastsOf } from '../config.ts'
import { acceptedTokens, tokenDocument } from '../network/tokens.ts'
import type { Node } from '../node.ts'
import { type DueDelivery, selectDueDeliveries, selectDueReleases } from './queries.ts'

/** Where a sale stands on chain when its price waits for the key. */
const PAID = 1

/** Seals the key of every paid license this operator delivers for its price, and queues it. A license gets one delivery at most. */
export async function deliverDue(node: Node): Promise<void> {
  const now = Math.floor(node.now().getTime() / 1000)
  const due = await node.db.query<DueDelivery>(selectDueDeliveries(node.keys.operator, now))
  for (const license of due) {
    if (!(await isWorthSending(node, license)) || !(await isStillPaid(node, license))) continue
    const sealed = sealKey({
      publicKey: fromHex(license.buyer_public_key, 65),
      contentKey: node.keys.unwrap(license.content_key),
      ephemeralSecret: ephemeralSecret(),
    })
    await enqueue(node.db, {
      id: `deliver:${license.id}`,
      purpose: 'deliver',
      contract: node.chain.contracts.licenses,
      data: deliverCall(license.id, toHex(sealed)),
    })
  }
}

/** Anyone may sell for nothing and name this operator as deliverer; the price of what it does not send goes back. */
async function isWorthSending(node: Node, { token, price }: DueDelivery): Promise<boolean> {
  const least = leastsOf(node.config, node.chain).price
  if (Number(least) === 0) return true
  if (!acceptedTokens(node).includes(token)) return false
  const { decimals } = await tokenDocument(node, token)
  return BigInt(price) >= parseUnits(least, decimals)
}

/** The sale as the chain has it at this moment: an event seen earlier may be of a fork that is gone. */
async function isStillPaid(node: Node, license: DueDelivery): Promise<boolean> {
  const read = {
    address: node.chain.contracts.licenses,
    abi: licensesAbi,
    args: [BigInt(license.id)],
  } as const
  const [{ status }, { offer }] = await Promise.all([
    node.chain.client.readContract({ ...read, functionName: 'sales' }),
    node.chain.client.readContract({ ...read, functionName: 'offerOf' }),
  ])
  return status === PAID && offerIdOf(offer) === license.offer_id
}

const offerInputs = licensesAbi.find((item) => item.type === 'function' && item.name === 'offerId')!.inputs

function offerIdOf(offer: ContractFunctionReturnType<typeof licensesAbi, 'view', 'offerOf'>['offer']): Hex {
  return keccak256(encodeAbiParameters(offerInputs, [offer]))
}

/** Has the price of every license delivered from here split once its buyer has had time to look. */
export async function releaseDue(node: Node): Promise<void> {
  const now = Math.floor(node.now().getTime() / 1000)
  const due = await node.db.query<{ id: string }>(selectDueReleases(node.keys.operator, now))
  for (const { id } of due) {
    await enqueue(node.db, {
      id: `release:${id}`,
      purpose: 'release',
      contract: node.chain.contracts.licenses,
      data: encodeFunctionData({ abi: licensesAbi, functionName: 'release', args: [BigInt(id)] }),
    })
  }
}

function deliverCall(licenseId: string, sealedKey: Hex): Hex {
  return encodeFunctionData({
    abi: licensesAbi,
    functionName: 'deliver',
    args: [BigInt(licenseId), sealedKey],
  })
}

/** A P-256 secret must be below the order of the curve; with its top bit cleared it always is. */
function ephemeralSecret(): Uint8Array {
  const secret = new Uint8Array(randomBytes(32))
  secret[0]! &= 0x7f
  return secret
}
