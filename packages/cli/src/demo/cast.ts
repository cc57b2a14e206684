import { nativeCrypto } from '@tagger/node/crypto'
import { createTagger, type Tagger } from '@tagger/sdk'
import { walletOf } from '../wallets.ts'

/** How often each bot of the demo crowd is right. */
export const BOT_SKILLS = [0.96, 0.94, 0.92, 0.9, 0.88, 0.84, 0.76, 0.65]

/** Accounts of the demo; the same on every local network, their money is play money. */
export interface DemoCast {
  /** Opens the demo campaigns. */
  requester: Tagger
  /** Brings everyone their pay. */
  crier: Tagger
  bots: { tagger: Tagger; skill: number }[]
}

/** Connects the demo's accounts to a node. */
export function createDemoCast(url: string): DemoCast {
  const member = (name: string) =>
    createTagger({ url, wallet: walletOf('tagger demo', name), crypto: nativeCrypto })
  return {
    requester: member('requester'),
    crier: member('crier'),
    bots: BOT_SKILLS.map((skill, index) => ({ tagger: member(`bot-${index}`), skill })),
  }
}
