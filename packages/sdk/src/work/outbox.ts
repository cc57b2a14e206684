import {
  type Delegation,
  type ErrorCode,
  type Head,
  headMessage,
  type SignedReceipt,
  TaggerError,
  toHex,
} from '@tagger/protocol'
import type { Link } from '../connection.ts'
import { delegatedSigner } from '../identity/delegate.ts'
import type { SessionSigner } from '../identity/session-signer.ts'
import { deploymentOf } from '../network.ts'
import type { WorkCampaign } from './campaign.ts'
import { fetchHead } from './head.ts'
import { keepReceipt } from './kept.ts'
import { keepChunk } from './own-chain.ts'
import { fetchFirstSeqs, findArrived } from './own-records.ts'
import type { PendingRecord, PendingStore } from './pending.ts'
import { requireReceipt } from './receipts.ts'
import { actKey, buildRecords, type FirstSeqs, toBase64 } from './records.ts'

/** Refusals of one record; every other one concerns the whole chain or the campaign. */
const RECORD_FAULTS = new Set<ErrorCode>([
  'answer-invalid',
  'record-invalid',
  'record-foreign',
  'record-after-settlement',
  'revision-required',
  'revision-invalid',
  'lease-expired',
  'lease-missing',
  'already-assigned',
  'not-canonical',
  'bad-document',
])
const MAX_CONFLICTS = 5

/** What has happened to the records of one worker in one campaign. */
export interface OutboxState {
  head: Head | null
  waiting: readonly PendingRecord[]
  refused: readonly PendingRecord[]
  receipt: SignedReceipt | null
  /** Why the last attempt to send did not go through, null while all is well. */
  error: TaggerError | null
}

export interface Outbox {
  state(): OutboxState
  /** Safe against a crash once it resolves; does not wait for the node. */
  add(records: readonly PendingRecord[]): Promise<void>
  /** Replaces a record that was never sent. False when it is on its way already. */
  amend(id: string, change: (record: PendingRecord) => PendingRecord): Promise<boolean>
  /** Sends everything; resolves when all of it is receipted or refused record by record. */
  flush(): Promise<void>
  /** Forgets refused records. */
  dismiss(ids: readonly string[]): Promise<void>
  listen(listener: (state: OutboxState) => void): () => void
}

/** Sends records in chunks, one signature each, and keeps every record until the operator's receipt for it is here. */
export async function openOutbox(options: {
  link: Link
  campaign: WorkCampaign
  pending: PendingStore
  chunkSize: number
}): Promise<Outbox> {
  const { link, campaign, pending, chunkSize } = options
  const { api, crypto } = link
  const wallet = link.requireWallet()
  const { account } = wallet
  const deployment = deploymentOf(await link.network())
  const key = `outbox:${campaign.id}:${account}`
  const listeners = new Set<(state: OutboxState) => void>()
  const firstSeqs: FirstSeqs = new Map()
  let queue = await pending.load(key)
  let head: Head | null = null
  let signer: { signer: SessionSigner; delegation: Delegation } | null = null
  let receipt: SignedReceipt | null = null
  let error: TaggerError | null = null
  let limit = chunkSize
  let running: Promise<void> | null = null
  let inFlight: readonly PendingRecord[] = []

  const waiting = () => queue.filter((record) => record.refused === null)
  const state = (): OutboxState => ({
    head,
    waiting: waiting(),
    refused: queue.filter((record) => record.refused !== null),
    receipt,
    error,
  })
  const tell = () => {
    for (const listener of listeners) listener(state())
  }
  const forget = async (ids: readonly string[]) => {
    const gone = new Set(ids)
    queue = queue.filter((record) => !gone.has(record.id))
    await pending.remove(key, ids)
  }
  const replace = async (records: readonly PendingRecord[]) => {
    const byId = new Map(records.map((record) => [record.id, record]))
    queue = queue.map((record) => byId.get(record.id) ?? record)
    await pending.put(key, records)
  }
  const refuse = async (record: PendingRecord, { code, message, hints }: TaggerError) => {
    await replace([{ ...record, refused: { code, message, hints } }])
  }

  /** Keeps a receipt that is the operator's word for this head. */
  const take = async (given: SignedReceipt, forHead: Head, added = 0): Promise<void> => {
    const owedLeast = (receipt?.owedAtLeast ?? 0n) + campaign.terms.floorPay * BigInt(added)
    const expected = { campaignId: campaign.id, account, head: forHead, owedLeast }
    requireReceipt(given, expected, { receiptKey: campaign.terms.receiptKey, deployment }, crypto)
    receipt = given
    await keepReceipt(link.kept, given)
  }

  /** Reads the head anew and drops what is in the chain already. */
  const readHead = async (): Promise<Head> => {
    const { head: current, receipt: shown } = await fetchHead({
      api,
      campaignId: campaign.id,
      account,
      deployment,
      crypto,
    })
    // Its answer may have been lost, or another device have got it.
    if (shown !== null) await take(shown, current)
    const arrived = await findArrived(api, campaign.id, current, waiting())
    for (const { record, seq } of arrived) if (!record.isRevision) firstSeqs.set(actKey(record), seq)
    await forget(arrived.map(({ record }) => record.id))
    head = current
    return current
  }

  const readSigner = async () => {
    signer ??= await delegatedSigner({ wallet, keys: link.sessionKeys, deployment, api })
    return signer
  }

  const sendChunk = async (): Promise<void> => {
    const { signer: signs, delegation } = await readSigner()
    const current = head ?? (await readHead())
    const chunk = waiting().slice(0, limit)
    if (chunk.length === 0) return
    inFlight = chunk
    const isUnknown = (record: PendingRecord) =>
      record.isRevision &&
      !firstSeqs.has(actKey(record)) &&
      !chunk.some((other) => !other.isRevision && actKey(other) === actKey(record))
    if (chunk.some(isUnknown)) await fetchFirstSeqs(api, campaign.id, firstSeqs)
    const chain = { campaign: campaign.id, account, head: current, firstSeqs }
    const built = buildRecords(chain, chunk, crypto)
    await replace(built.placed.map(({ record, seq, link }) => ({ ...record, sentAs: { seq, link } })))
    const signature = toHex(await signs.sign(headMessage(campaign.id, built.head)))
    const signed = { ...built.head, publicKey: signs.publicKey, signature }
    if (link.keepsRecords) {
      const sent = { from: current.count + 1, payloads: built.payloads, head: signed, delegation }
      await keepChunk(link.kept, { campaignId: campaign.id, account }, sent)
    }
    const reply = await api.appendRecords({
      params: { id: campaign.id },
      body: { payloads: built.payloads.map(toBase64), head: signed },
    })
    await take(reply.receipt, built.head, chunk.filter(({ isRevision }) => !isRevision).length)
    for (const { record, seq } of built.placed) if (!record.isRevision) firstSeqs.set(actKey(record), seq)
    head = built.head
    limit = chunkSize
    await forget(chunk.map(({ id }) => id))
  }

  /** What to do about a refusal: true to try again. */
  const recover = async (fault: TaggerError): Promise<boolean> => {
    if (fault.code === 'chain-conflict' || fault.code === 'chain-broken') {
      head = null
      return true
    }
    if (fault.code === 'session-key-unknown' || fault.code === 'session-key-expired') {
      signer = null
      return true
    }
    if (!RECORD_FAULTS.has(fault.code)) return false
    const chunk = inFlight.flatMap(({ id }) => queue.filter((record) => record.id === id))
    const offender = chunk.length === 1 ? chunk[0] : offenderOf(fault, chunk, head)
    if (offender !== undefined) await refuse(offender, fault)
    else limit = Math.max(1, Math.ceil(chunk.length / 2))
    return true
  }

  const sendAll = async (): Promise<void> => {
    let conflicts = 0
    while (waiting().length > 0) {
      try {
        await sendChunk()
        conflicts = 0
        error = null
      } catch (cause) {
        const fault =
          cause instanceof TaggerError ? cause : new TaggerError('internal', String(cause), { cause })
        const isSameChunk = !RECORD_FAULTS.has(fault.code)
        if (isSameChunk && ++conflicts > MAX_CONFLICTS) throw fault
        if (!(await recover(fault))) throw fault
      }
      tell()
    }
  }

  return {
    state,
    async add(records) {
      queue = [...queue, ...records]
      await pending.put(key, records)
      tell()
    },
    async amend(id, change) {
      const record = queue.find((entry) => entry.id === id)
      if (record === undefined || record.sentAs !== null || inFlight.some((entry) => entry.id === id))
        return false
      await replace([change(record)])
      tell()
      return true
    },
    async flush() {
      // A flush that runs already picks up what was added meanwhile.
      running ??= sendAll()
        .catch((cause) => {
          error = cause
          tell()
          throw cause
        })
        .finally(() => {
          running = null
          inFlight = []
        })
      await running
    },
    async dismiss(ids) {
      await forget(
        queue.filter((record) => record.refused !== null && ids.includes(record.id)).map(({ id }) => id),
      )
      tell()
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}

/** The record a refusal names by its `seq`. */
function offenderOf(
  fault: TaggerError,
  chunk: readonly PendingRecord[],
  head: Head | null,
): PendingRecord | undefined {
  const { seq } = fault.data
  if (typeof seq !== 'number' || head === null) return undefined
  return chunk[seq - head.count - 1]
}
