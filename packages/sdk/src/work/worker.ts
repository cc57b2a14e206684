import {
  type Address,
  type Answer,
  answerOf,
  type Hex,
  type RecordKind,
  type ReviewVerdict,
  type Spec,
  TaggerError,
  type Terms,
} from '@tagger/protocol'
import type { Endpoints, ResponseOf } from '@tagger/protocol/wire'
import { nowSeconds, sleep } from '../clock.ts'
import type { Link } from '../connection.ts'
import { isTemporary } from '../http/problem.ts'
import type { Upload } from '../http/send.ts'
import { deploymentOf } from '../network.ts'
import { readCampaign } from './campaign.ts'
import { keepCampaign } from './kept.ts'
import { type OutboxState, openOutbox } from './outbox.ts'
import { memoryPending, type PendingRecord, type PendingStore } from './pending.ts'
import { actKey } from './records.ts'

export type Assignment = ResponseOf<Endpoints['createAssignments']>['data'][number]
/** What is needed of an assignment to answer it. */
export type Task = Pick<Assignment, 'id' | 'item' | 'kind'>

/** When the worker began and ended, seconds since epoch; now when left out. */
export interface Times {
  startedAt?: number
  endedAt?: number
}

export interface ReviewInput {
  verdict: ReviewVerdict
  /** The accepted or corrected answer; none for a rejection and in a collect campaign. */
  answer?: Answer | string | null
  reason?: string
}

export interface WorkerOptions {
  /** Records per signature and request. */
  chunkSize?: number
  /** Where unsent records wait; what `createTagger` was given by default. */
  pending?: PendingStore
}

/** One account's work in one campaign. */
export interface Worker {
  campaignId: Hex
  account: Address
  spec: Spec
  terms: Terms
  /** Leases up to `count` tasks; `items` picks them by id on a local network. */
  lease(
    count?: number,
    options?: { kind?: 'annotation' | 'review'; items?: readonly Hex[] },
  ): Promise<{ assignments: Assignment[]; shortfall: 'none' | 'no-work' | 'underfunded' }>
  /** Gives tasks back. */
  release(tasks: readonly Pick<Task, 'id'>[]): Promise<void>
  /** Answers a task: a label, or the whole answer. Kept here at once, sent in the background. */
  answer(task: Task, answer: Answer | string, times?: Times): Promise<void>
  /** Answers many tasks at once. */
  answerMany(entries: readonly ({ task: Task; answer: Answer | string } & Times)[]): Promise<void>
  review(task: Task, review: ReviewInput, times?: Times): Promise<void>
  /** Replaces an earlier answer to the same item (undo). */
  revise(task: Task, answer: Answer | string, times?: Times): Promise<void>
  /** Uploads one piece of data to a collect campaign. */
  contribute(upload: Upload & { name: string }, times?: Times): Promise<Hex>
  /** Resolves when everything is receipted. Throws the first refusal of a record. */
  flush(): Promise<void>
  state(): OutboxState
  /** Forgets refused records. */
  dismiss(ids: readonly string[]): Promise<void>
  onChange(listener: (state: OutboxState) => void): () => void
}

const CHUNK_SIZE = 500
const RESEND_MILLISECONDS = 3_000

/** Starts or continues work; what an earlier run could not send is sent first. */
export async function openWorker(
  link: Link,
  campaignId: Hex,
  options: WorkerOptions & { pendingDefault: PendingStore | null },
): Promise<Worker> {
  const { account } = link.requireWallet()
  const [network, document] = await Promise.all([
    link.network(),
    link.api.getCampaign({ params: { id: campaignId } }),
  ])
  const campaign = readCampaign(document, deploymentOf(network), link.crypto)
  await keepCampaign(link.kept, { ...campaign, title: document.title, network })
  const pending = options.pending ?? options.pendingDefault ?? memoryPending()
  const chunkSize = options.chunkSize ?? CHUNK_SIZE
  const outbox = await openOutbox({ link, campaign, pending, chunkSize })
  const fullAnswer = (answer: Answer | string) =>
    typeof answer === 'string' ? answerOf(campaign.spec, answer) : answer

  let isWaiting = false
  /** Errors of background sending show in the state; a lost network is tried again, a refusal by the next `flush`. */
  const sendSoon = () => {
    outbox.flush().catch(async (error) => {
      if (!isTemporary(error) || isWaiting) return
      isWaiting = true
      await sleep(RESEND_MILLISECONDS)
      isWaiting = false
      if (outbox.state().waiting.length > 0) sendSoon()
    })
  }
  const queue = async (records: PendingRecord[]) => {
    for (const record of records) campaign.check(record)
    await outbox.add(records)
    sendSoon()
  }
  const draft = (task: Omit<Task, 'kind'> & { kind: RecordKind }, times: Times = {}) => {
    const endedAt = times.endedAt ?? nowSeconds()
    return {
      id: globalThis.crypto.randomUUID(),
      item: task.item,
      task: task.id,
      isRevision: false,
      assist: null,
      startedAt: Math.min(times.startedAt ?? endedAt, endedAt),
      endedAt,
      queuedAt: Date.now(),
      sentAs: null,
      refused: null,
    }
  }
  const annotation = (task: Task, answer: Answer | string, times?: Times): PendingRecord => ({
    ...draft({ ...task, kind: 'annotation' }, times),
    kind: 'annotation',
    body: { answer: fullAnswer(answer) },
  })

  if (outbox.state().waiting.length > 0) sendSoon()

  return {
    campaignId: campaign.id,
    account,
    spec: campaign.spec,
    terms: campaign.terms,
    async lease(count = 3, { kind = 'annotation', items } = {}) {
      const reply = await link.api.createAssignments({
        params: { id: campaign.id },
        body: { count, kind, items: items && [...items] },
      })
      return { assignments: reply.data, shortfall: reply.shortfall }
    },
    async release(tasks) {
      const body = { ids: tasks.map(({ id }) => id) }
      if (body.ids.length > 0) await link.api.releaseAssignments({ params: { id: campaign.id }, body })
    },
    answer: (task, answer, times) => queue([annotation(task, answer, times)]),
    answerMany: (entries) =>
      queue(entries.map(({ task, answer, ...times }) => annotation(task, answer, times))),
    async review(task, { verdict, answer = null, reason = '' }, times) {
      const body = { verdict, answer: answer === null ? null : fullAnswer(answer), reason }
      await queue([{ ...draft(task, times), kind: 'review', body }])
    },
    async revise(task, answer, times) {
      const revision: PendingRecord = { ...annotation(task, answer, times), isRevision: true }
      campaign.check(revision)
      const unsent = outbox.state().waiting.find((record) => actKey(record) === actKey(revision))
      // What the node never saw needs no revision.
      const change = (record: PendingRecord): PendingRecord => ({
        ...revision,
        id: record.id,
        isRevision: record.isRevision,
      })
      if (unsent !== undefined && (await outbox.amend(unsent.id, change))) return sendSoon()
      await queue([revision])
    },
    async contribute({ name, ...upload }, times) {
      const stored = await link.api.submitContent({ params: { id: campaign.id }, query: { name }, upload })
      const task = { id: '', item: stored.item, kind: 'submission' as const }
      const body = { mediaType: stored.mediaType, bytes: stored.bytes }
      await queue([{ ...draft(task, times), kind: 'submission', body }])
      return stored.item
    },
    async flush() {
      while (outbox.state().waiting.length > 0) await outbox.flush()
      const refused = outbox.state().refused[0]
      if (refused?.refused)
        throw new TaggerError(refused.refused.code as never, refused.refused.message, refused.refused)
    },
    state: outbox.state,
    dismiss: outbox.dismiss,
    onChange: outbox.listen,
  }
}
