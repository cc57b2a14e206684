import { setTimeout as wait } from 'node:timers/promises'
import { fund } from '../funding.ts'
import { createBot } from './bot.ts'
import { BOT_SKILLS, createDemoCast } from './cast.ts'
import { runCrowd } from './crowd.ts'
import { seedDataset, seedOpenCampaign } from './seed.ts'

const SEED_TRIES = 5
const SEED_PAUSE = 3_000

/** The switch in the app's footer. */
export interface CrowdSwitch {
  isRunning: boolean
  bots: number
  set(isRunning: boolean): Promise<void>
}

/** A switch that is on. */
export function createSwitch(): CrowdSwitch {
  const crowd: CrowdSwitch = {
    isRunning: true,
    bots: BOT_SKILLS.length,
    async set(isRunning) {
      crowd.isRunning = isRunning
    },
  }
  return crowd
}

/** The demo of a local network, through the public API: seeds what is missing, then answers alongside people. */
export async function runDemo(options: {
  url: string
  crowd: CrowdSwitch
  say: (line: string) => void
  signal: AbortSignal
}): Promise<void> {
  const { url, crowd, say, signal } = options
  const cast = createDemoCast(url)
  const bots = cast.bots.map(createBot)
  try {
    await fund(cast.requester, 0n)
    await fund(cast.crier, 0n)
    // Before the crowd looks: it would open another one.
    await seedOpenCampaign(cast, say)
    const seeded = seedPatiently()
    const running = runCrowd({ cast, bots, isOn: () => crowd.isRunning, say, signal })
    await seeded
    await running
  } catch (error) {
    tell(error)
  }

  /** Seeding does what is missing: what a stalled chain let fail is tried again. */
  async function seedPatiently(): Promise<void> {
    for (let tries = 0; tries < SEED_TRIES && !signal.aborted; tries++) {
      try {
        return await seedDataset(cast, bots, say, signal)
      } catch (error) {
        tell(error)
        await wait(SEED_PAUSE, undefined, { signal }).catch(() => undefined)
      }
    }
  }

  function tell(error: unknown): void {
    if (signal.aborted) return
    say(`Demo: ${error instanceof Error ? error.message : String(error)}`)
  }
}
