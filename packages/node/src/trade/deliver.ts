import { randomBytes } from 'node:crypto'
import { licensesAbi } from '@tagger/contracts/abi'
import { fromHex, type Hex, sealKey, toHex } from '@tagger/protocol'
import { encodeFunctionData, parseUnits } from 'viem'
import { enqueue } from '../chain/outbox.ts'
import { leastsOf } from '../config.ts'
import { acceptedTokens, tokenDocument } from '../network/tokens.ts'
import type { Node } from '../node.ts'
import { type DueDelivery, selectDueDeliveries } from './queries.ts'

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
  const sale = await node.chain.client.readContract({
    address: node.chain.contracts.licenses,
    abi: licensesAbi,
    functionName: 'sales',
    args: [BigInt(license.id)],
  })
  return sale.offerId === license.offer_id && sale.deliveredAt === 0n
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
