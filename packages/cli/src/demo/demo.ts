import { fund } from '../funding.ts'
import { createBot } from './bot.ts'
import { BOT_SKILLS, createDemoCast } from './cast.ts'
import { runCrowd } from './crowd.ts'
import { seedDataset, seedOpenCampaign } from './seed.ts'

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
    const seeded = seedDataset(cast, bots, say, signal)
    const running = runCrowd({ cast, bots, isOn: () => crowd.isRunning, say, signal })
    await seeded.catch((error) => tell(error))
    await running
  } catch (error) {
    tell(error)
  }

  function tell(error: unknown): void {
    if (signal.aborted) return
    say(`Demo: ${error instanceof Error ? error.message : String(error)}`)
  }
}
