import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { campaignsAbi } from '@tagger/contracts/abi'
import type { Address, Hex, Method } from '@tagger/protocol'
import type { Campaign } from '@tagger/sdk'
import { fund } from '../funding.ts'
import { inLanes } from '../lanes.ts'
import type { Voice } from '../output.ts'
import { onExit } from '../shutdown.ts'
import { runVerify } from '../verify/command.ts'
import { measureAccuracy } from './accuracy.ts'
import { type Cast, createCast } from './cast.ts'
import { answersPerTask, type Crowd, rowsByWorker } from './crowd.ts'
import { readCrowd } from './dataset.ts'
import { collectEvidence, openEvidence, saveEvidence } from './evidence.ts'
import { measureGas } from './gas.ts'
import { type Journal, openJournal } from './journal.ts'
import { startOwnNetwork } from './network.ts'
import { openCampaign } from './open.ts'
import { makeOwnCrowd } from './own-crowd.ts'
import { playAnswers, surveyItems } from './play.ts'
import { type Report, tellReport } from './report.ts'
import { settleCampaign } from './settle.ts'
import { type Tampering, tamper } from './tamper.ts'
import { tradeDataset } from './trade.ts'

export interface ReplayOptions {
  data?: string
  seed?: string
  node?: string
  keep?: string
  tamper?: Tampering
  /** Dawid–Skene when it is left out. */
  method?: Method
}

/** The whole way of a crowd's answers: upload, intake, batches, pay, passport, license, shares, proof. */
export async function replay(
  options: ReplayOptions,
  voice: Voice,
): Promise<{ report: Report; isSound: boolean; holds: boolean }> {
  const started = performance.now()
  const seed = options.seed ?? 'tagger'
  const crowd = options.data === undefined ? makeOwnCrowd(seed) : await readCrowd(options.data)
  const folder = await workFolder(options.keep)
  const journal = await openJournal(folder, options.data === undefined ? `own crowd ${seed}` : crowd.name)
  voice.say(`Replay of ${crowd.name}: ${crowd.rows.length} answers to ${crowd.tasks.length} items`)
  const url = options.node ?? (await startOwnNetwork(join(folder, 'network'))).url
  voice.say(`  network at ${url}`)
  const cast = createCast({ url, seed: journal.read().seed, store: journal.store })

  voice.say('Opening the campaign')
  await fundCast(cast)
  const campaign = await openCampaign(cast.requester, crowd, options.method ?? 'dawid-skene', voice.say)
  await playAll(cast, campaign, crowd, journal, voice)

  voice.say('Settling and paying')
  await settleCampaign(cast, campaign, voice, { expectsBatch: hasFullyAnswered(crowd) })
  voice.say('Publishing and selling')
  const accounts = [...rowsByWorker(crowd).keys()].map((name) => cast.worker(name).wallet!.account)
  await tradeDataset(cast, campaign, accounts, voice)

  voice.say('Verifying')
  const held = await collectEvidence(cast.requester, campaign.id)
  await saveEvidence(join(folder, 'evidence'), held)
  const changed = options.tamper === undefined ? null : tamper(held.bundles, options.tamper)
  const verifyStarted = performance.now()
  const { verdict } = await runVerify(changed?.bundles ?? held.bundles, held.facts, voice)
  const verifySeconds = (performance.now() - verifyStarted) / 1000

  const items = journal.read().items ?? {}
  const truth = new Map(
    [...crowd.truth].flatMap(([task, label]) => (items[task] ? [[items[task], label] as const] : [])),
  )
  const { items: _, ...accuracy } = measureAccuracy(openEvidence(held), truth)
  const { records, seconds: intakeSeconds } = journal.read().intake
  const { document, escrowLeft } = await readMoney(cast, campaign)
  const report: Report = {
    dataset: crowd.name,
    items: crowd.tasks.length,
    workers: accounts.length,
    records: document.records,
    accuracy,
    batches: held.bundles.length,
    gas: await measureGas(cast.requester, campaign.id, document.records),
    paid: document.money.claimed,
    escrowLeft,
    verify: verdict.ok
      ? { ok: true, seconds: round(verifySeconds), records: verdict.records }
      : { ok: false, code: verdict.code, at: verdict.at },
    ...(changed === null ? {} : { tampered: changed.tampered }),
    ledgerEqualsChain: await ledgerEqualsChain(cast, campaign),
    seconds: round((performance.now() - started) / 1000),
    recordsPerSecond: intakeSeconds > 0 ? Math.round(records / intakeSeconds) : 0,
  }
  tellReport(report, verdict, document.token.symbol, document.token.decimals, voice)
  const holds =
    report.ledgerEqualsChain &&
    escrowLeft === 0n &&
    document.money.claimed === document.money.payoutsTotal &&
    report.records === crowd.rows.length
  return { report, isSound: verdict.ok, holds }
}

async function playAll(
  cast: Cast,
  campaign: Campaign,
  crowd: Crowd,
  journal: Journal,
  voice: Voice,
): Promise<void> {
  if ((await campaign.read()).status !== 'open') return
  if (journal.read().items === null) {
    voice.say('Looking up the items')
    await journal.write({ items: await surveyItems(cast.scout, campaign.id, crowd.tasks.length) })
  }
  voice.say('Playing the answers')
  const items = journal.read().items!
  const played = await playAnswers({ cast, campaignId: campaign.id, crowd, items, voice })
  const { seconds, records } = journal.read().intake
  await journal.write({ intake: { seconds: seconds + played.seconds, records: records + played.records } })
  voice.say(
    `  ${played.records} records in ${round(played.seconds)} s, after ${round(played.leaseSeconds)} s of logins and leases`,
  )
}

/** Everyone who sends transactions needs gas; workers send none. */
async function fundCast(cast: Cast): Promise<void> {
  await inLanes([cast.requester, cast.buyer, ...cast.criers], 4, (tagger) => fund(tagger, 0n))
}

function hasFullyAnswered(crowd: Crowd): boolean {
  const answers = [...answersPerTask(crowd).values()]
  return answers.length > 0
}

/** What the chain still holds of the campaign, and the node's view of its money once it caught up. */
async function readMoney(cast: Cast, campaign: Campaign) {
  const { client, network } = await cast.requester.chain()
  const onChain = await client.readContract({
    address: network.contracts.campaigns as Address,
    abi: campaignsAbi,
    functionName: 'campaigns',
    args: [campaign.id as Hex],
  })
  const fees = onChain.operatorFeePaid + onChain.protocolFeePaid
  const escrowLeft = onChain.funded - onChain.claimedTotal - fees - onChain.refunded
  for (let tries = 0; ; tries++) {
    const document = await campaign.read()
    const isCaughtUp =
      document.money.claimed === onChain.claimedTotal && document.money.refunded === onChain.refunded
    if (isCaughtUp || tries >= 60) return { document, escrowLeft }
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}

async function ledgerEqualsChain(cast: Cast, campaign: Campaign): Promise<boolean> {
  const { campaigns } = await cast.requester.api.getReconciliation()
  return campaigns.find(({ id }) => id === campaign.id)?.isEqual === true
}

async function workFolder(keep?: string): Promise<string> {
  if (keep !== undefined) return resolve(keep)
  const folder = await mkdtemp(join(tmpdir(), 'tagger-replay-'))
  onExit(() => rm(folder, { recursive: true, force: true }))
  return folder
}

function round(value: number): number {
  return Math.round(value * 100) / 100
}
