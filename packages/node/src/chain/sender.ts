import { type Address, fromHex, type Hex } from '@tagger/protocol'
import {
  keccak256,
  serializeTransaction,
  TransactionReceiptNotFoundError,
  type TransactionSerializableEIP1559,
} from 'viem'
import { sql } from '../db/sql.ts'
import type { Node } from '../node.ts'
import { repeat } from '../repeat.ts'
import {
  type OutboxRow,
  openRows,
  saveFailure,
  saveMined,
  saveRefusal,
  saveSent,
  saveWaiting,
} from './outbox-rows.ts'
import { revertReason } from './revert.ts'

const AT_ONCE = 20
/** Refusals in a row after which a call has failed for good: what it waits for would have happened. */
const MAX_REFUSALS = 6
const STUCK_SECONDS = 60
/** More faults than successes by this many end a round. */
const GIVE_UP_AFTER = 3
const MIN_TIP = 1_000_000n

/** Sends what is in the outbox, in order, with the operator's key, and sees it through until it is mined. */
export interface Sender {
  /** One round: look after what was sent, send what waits. */
  round(): Promise<void>
  stop(): Promise<void>
}

/** Starts sending. Everything it needs to go on after a kill is in the outbox. */
export function startSender(node: Node): Sender {
  let running: Promise<void> | null = null
  const round = () => {
    running ??= sendRound(node).finally(() => {
      running = null
    })
    return running
  }
  const loop = repeat(node, { what: 'The outbox', seconds: node.chain.isLocal ? 0.2 : 3 }, round)
  return { round, stop: loop.stop }
}

async function sendRound(node: Node): Promise<void> {
  const rows = await openRows(node.db, AT_ONCE)
  const work = [
    ...rows.filter(({ state }) => state === 'sent').map((row) => () => lookAfter(node, row)),
    ...rows
      .filter((row) => row.state === 'waiting' && isDue(node, row))
      .map((row) => async () => send(node, row, await nextNonce(node))),
  ]
  const faults: unknown[] = []
  let done = 0
  for (const step of work) {
    try {
      await step()
      done++
    } catch (error) {
      faults.push(error)
      if (faults.length - done >= GIVE_UP_AFTER) break
    }
  }
  // An RPC that fails now and then must not slow down what gets through; one that is down should be left alone.
  if (faults.length > done) throw faults[0]
}

/** After a refusal the next try waits a little longer each time. */
function isDue(node: Node, row: OutboxRow): boolean {
  if (row.attempts === 0) return true
  const pause = Math.min(30, 2 ** (row.attempts - 1))
  return node.now().getTime() >= row.changedAt.getTime() + pause * 1000
}

async function nextNonce(node: Node): Promise<number> {
  const { client } = node.chain
  const onChain = await client.getTransactionCount({ address: node.keys.operator, blockTag: 'pending' })
  const [row] = await node.db.query<{ next: number | null }>(
    sql`select max(nonce) + 1 as next from outbox where state = 'sent'`,
  )
  return Math.max(onChain, row?.next ?? 0)
}

/** Sends one call. */
async function send(node: Node, row: OutboxRow, nonce: number): Promise<void> {
  let signed: { raw: Hex; hash: Hex }
  try {
    signed = await prepare(node, row, nonce, 1n)
  } catch (error) {
    const reason = revertReason(error)
    if (reason === null) throw error
    return refuse(node, row, reason)
  }
  // Saved before it is sent: after a kill in between it is found and sent again, never signed twice by mistake.
  await saveSent(node, row, { ...signed, nonce })
  await broadcast(node, signed.raw)
}

async function refuse(node: Node, row: OutboxRow, reason: string): Promise<void> {
  if (row.attempts + 1 < MAX_REFUSALS) return saveRefusal(node, row, reason)
  await saveFailure(node, row, reason)
  node.log.error('A call of the outbox failed', { id: row.id, purpose: row.purpose, reason })
}

async function prepare(node: Node, row: OutboxRow, nonce: number, feeFactor: bigint) {
  const { client, chainId } = node.chain
  const { operator } = node.keys
  // On the pending block: its time is now, and what was sent before is in it.
  const gas = await client.estimateGas({
    account: operator as Address,
    to: row.contract,
    data: row.data,
    blockTag: 'pending',
  })
  const { maxFeePerGas, maxPriorityFeePerGas } = await client.estimateFeesPerGas()
  const tip = (maxPriorityFeePerGas > MIN_TIP ? maxPriorityFeePerGas : MIN_TIP) * feeFactor
  const transaction: TransactionSerializableEIP1559 = {
    type: 'eip1559',
    chainId,
    nonce,
    to: row.contract,
    data: row.data,
    gas: (gas * 13n) / 10n,
    maxPriorityFeePerGas: tip,
    maxFeePerGas: maxFeePerGas * feeFactor + tip,
  }
  const signature = node.keys.signAsOperator(fromHex(keccak256(serializeTransaction(transaction)), 32))
  const raw = serializeTransaction(transaction, {
    r: signature.slice(0, 66) as Hex,
    s: `0x${signature.slice(66, 130)}`,
    yParity: Number.parseInt(signature.slice(130), 16) - 27,
  })
  return { raw, hash: keccak256(raw) }
}

async function broadcast(node: Node, raw: Hex): Promise<void> {
  try {
    await node.chain.client.sendRawTransaction({ serializedTransaction: raw })
  } catch (error) {
    // The chain may have it already, or the nonce may be gone: the next round finds out which.
    if (/already known|already imported|nonce too low|underpriced/i.test((error as Error).message)) return
    throw error
  }
}

/** Follows a sent call: mined, lost, or stuck. */
async function lookAfter(node: Node, row: OutboxRow): Promise<void> {
  const receipt = await receiptOf(node, row)
  if (receipt?.status === 'success') return saveMined(node, row, receipt)
  if (receipt) return afterRevert(node, row, receipt.transactionHash)
  const { client } = node.chain
  const used = await client.getTransactionCount({ address: node.keys.operator })
  // Another transaction took the nonce, or the chain was rolled back to before it: asked again, it may have come in.
  if (used > row.nonce!) {
    if ((await receiptOf(node, row)) === null) await saveWaiting(node, row)
    return
  }
  if (node.now().getTime() - row.changedAt.getTime() > STUCK_SECONDS * 1000) return replaceStuck(node, row)
  const isKnown = await client.getTransaction({ hash: row.transactionHash! }).then(
    () => true,
    (error) => {
      if ((error as Error).name === 'TransactionNotFoundError') return false
      throw error
    },
  )
  if (!isKnown) await broadcast(node, row.raw!)
}

/** The same call with the same nonce and higher fees. */
async function replaceStuck(node: Node, row: OutboxRow): Promise<void> {
  try {
    const feeFactor = 2n ** BigInt(Math.min(6, row.earlierHashes.length + 1))
    const signed = await prepare(node, row, row.nonce!, feeFactor)
    node.log.warn('A call of the outbox is stuck and sent again with a higher fee', { id: row.id })
    await saveSent(node, row, { ...signed, nonce: row.nonce! })
    await broadcast(node, signed.raw)
  } catch (error) {
    const reason = revertReason(error)
    if (reason === null) throw error
    await broadcast(node, row.raw!)
  }
}

async function afterRevert(node: Node, row: OutboxRow, hash: Hex): Promise<void> {
  const reason = await node.chain.client
    .call({ account: node.keys.operator as Address, to: row.contract, data: row.data })
    .then(
      () => 'reverted, though it would pass now',
      (error) => revertReason(error) ?? `reverted in ${hash}`,
    )
  await refuse(node, row, reason)
}

async function receiptOf(node: Node, row: OutboxRow) {
  for (const hash of [row.transactionHash!, ...row.earlierHashes]) {
    try {
      return await node.chain.client.getTransactionReceipt({ hash })
    } catch (error) {
      if (!(error instanceof TransactionReceiptNotFoundError)) throw error
    }
  }
  return null
}
