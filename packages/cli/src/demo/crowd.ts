import type { Hex } from '@tagger/protocol'
import type { Bot } from './bot.ts'
import { type DemoKind, listDemoCampaigns, openDemoCampaign } from './campaigns.ts'
import type { DemoCast } from './cast.ts'

/** Items the crowd answers by itself, so that a fresh campaign does not look dead. */
const WARM_UP_ITEMS = 9
/** Fewer untouched items than this: a new campaign is opened before someone finds nothing to do. */
const REFILL_BELOW = 15
const IDLE_MILLISECONDS = 1_000
const BUSY_MILLISECONDS = 250

interface Shift {
  /** Bots that have nothing left but items nobody began. */
  exhausted: Set<Bot>
  /** Open items when last looked. */
  open: number
  finalBatches: number
}

/** Answers alongside people: finishes what somebody began, leaves the rest to them, and brings everyone their pay. */
export async function runCrowd(options: {
  cast: DemoCast
  bots: readonly Bot[]
  isOn(): boolean
  say: (line: string) => void
  signal: AbortSignal
}): Promise<void> {
  const { cast, bots, isOn, say, signal } = options
  const shifts = new Map<Hex, Shift>()
  let isFailing = false
  while (!signal.aborted) {
    let isBusy = false
    try {
      for (const campaign of await listDemoCampaigns(cast.requester)) {
        if (signal.aborted) return
        const shift = shifts.get(campaign.id) ?? { exhausted: new Set(), open: 0, finalBatches: -1 }
        shifts.set(campaign.id, shift)
        await payOut(cast, campaign.id, shift)
        if (isOn() && campaign.kind === 'sentiment' && campaign.status === 'open') {
          isBusy = (await helpOut(cast, bots, campaign.id, shift)) || isBusy
        }
      }
      if (isOn()) await refill(cast, say)
      isFailing = false
    } catch (error) {
      if (signal.aborted) return
      if (!isFailing) say(`Demo: the crowd stumbles: ${error instanceof Error ? error.message : error}`)
      isFailing = true
    }
    await pause(isBusy ? BUSY_MILLISECONDS : IDLE_MILLISECONDS, signal)
  }
}

/** One answer by one bot, when somebody is waiting for others; true when there may be more to do. */
async function helpOut(cast: DemoCast, bots: readonly Bot[], id: Hex, shift: Shift): Promise<boolean> {
  const before = await cast.requester.api.getProgress({ params: { id } })
  const total = Object.values(before.items).reduce((sum, count) => sum + count, 0)
  const isWarmingUp = total - before.items.waiting < WARM_UP_ITEMS
  if (before.items.open > shift.open) shift.exhausted.clear()
  shift.open = before.items.open
  if (before.items.open === 0 && !isWarmingUp) {
    shift.exhausted.clear()
    return false
  }
  const ready = bots.filter((bot) => !shift.exhausted.has(bot))
  const bot = ready[Math.floor(Math.random() * ready.length)]
  if (bot === undefined) return false
  const answered = await bot.work(id, 1)
  const after = await cast.requester.api.getProgress({ params: { id } })
  // Leases bring what is nearest to complete first: a bot that got an untouched item has done the others.
  const wasUntouched = after.items.waiting < before.items.waiting
  if (answered === 0 || (wasUntouched && !isWarmingUp)) shift.exhausted.add(bot)
  return true
}

/** Brings everyone their pay after each final batch, whether the crowd is on or off. */
async function payOut(cast: DemoCast, id: Hex, shift: Shift): Promise<void> {
  const { data } = await cast.crier.api.listBatches({ params: { id } })
  const final = data.filter(({ status }) => status === 'final').length
  if (final === shift.finalBatches) return
  if (final > 0) await cast.crier.claims.claimMany(id)
  shift.finalBatches = final
}

/** Opens the next campaign before the last one runs dry, and closes those that are done. */
async function refill(cast: DemoCast, say: (line: string) => void): Promise<void> {
  const open = (await listDemoCampaigns(cast.requester, 'open')).filter(isSentiment)
  const newest = open[0]
  const progress = newest && (await cast.requester.api.getProgress({ params: { id: newest.id } }))
  if (progress === undefined || progress.items.waiting < REFILL_BELOW) {
    await openDemoCampaign(cast.requester, 'sentiment')
    say('Demo: the next campaign is open.')
  }
  for (const { id } of open.slice(1)) {
    const { items } = await cast.requester.api.getProgress({ params: { id } })
    const isDone = items.waiting + items.open + items.inReview + items.ready + items.inBatch === 0
    if (isDone) await cast.requester.campaign(id).close()
  }
}

function isSentiment({ kind }: { kind: DemoKind }): boolean {
  return kind === 'sentiment'
}

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(end, milliseconds)
    signal.addEventListener('abort', end, { once: true })
    function end() {
      clearTimeout(timer)
      signal.removeEventListener('abort', end)
      resolve()
    }
  })
}
