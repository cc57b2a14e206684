import '../../lib/strict-csp.ts'
import {
  batchHashOf,
  type Deployment,
  decodeBundle,
  type Hex,
  pureCrypto,
  TaggerError,
  type Verdict,
  verifyCampaign,
} from '@tagger/protocol'
import { API_PREFIX, endpoints } from '@tagger/protocol/wire'
import { readChainFacts } from '@tagger/sdk'
import { createPublicClient, http, type PublicClient } from 'viem'

/** What the page asks of the worker thread. */
export interface VerifyRequest {
  origin: string
  rpcUrl: string
  deployment: Deployment
  /** Null when dropped files say which campaign it is. */
  campaignId: Hex | null
  /** One that need not be final yet, with all before it; null verifies what is final. */
  batch: Hex | null
  files: readonly ArrayBuffer[]
}

/** What the worker thread tells the page. */
export type VerifyReply =
  | { type: 'step'; step: 'chain' | 'evidence' | 'check'; campaignId: Hex }
  | { type: 'progress'; batch: number; done: number; total: number }
  | { type: 'verdict'; verdict: Verdict; batches: number }
  | { type: 'error'; message: string }

const tell = (reply: VerifyReply) => postMessage(reply)

self.onmessage = async ({ data }: MessageEvent<VerifyRequest>) => {
  try {
    await run(data)
  } catch (error) {
    tell({ type: 'error', message: error instanceof Error ? error.message : String(error) })
  }
}

async function run(request: VerifyRequest): Promise<void> {
  const dropped = new Map<number, Uint8Array>()
  let campaignId = request.campaignId
  for (const file of request.files) {
    const car = new Uint8Array(file)
    const { evidence } = decodeBundle(car)
    campaignId ??= evidence.campaignId
    if (campaignId !== evidence.campaignId) {
      throw new TaggerError('bad-request', 'These files belong to different campaigns')
    }
    dropped.set(evidence.anchor.index, car)
  }
  if (campaignId === null) throw new TaggerError('bad-request', 'There is nothing to verify')
  tell({ type: 'step', step: 'chain', campaignId })
  const client = createPublicClient({ transport: http(request.rpcUrl) }) as PublicClient
  const { deployment, batch } = request
  const facts = await readChainFacts(client, deployment, campaignId, pureCrypto, batch ?? undefined)
  tell({ type: 'step', step: 'evidence', campaignId })
  const bundles: Uint8Array[] = []
  for (const header of facts.headers) {
    bundles.push(dropped.get(header.index) ?? (await download(request.origin, batchHashOf(header))))
  }
  tell({ type: 'step', step: 'check', campaignId })
  let last = 0
  const verdict = await verifyCampaign(bundles, facts, {
    onProgress: ({ batch, done, total }) => {
      // Told often enough to be seen, seldom enough to cost nothing.
      const time = performance.now()
      if (time - last < 40 && done < total) return
      last = time
      tell({ type: 'progress', batch, done, total })
    },
  })
  tell({ type: 'verdict', verdict, batches: bundles.length })
}

async function download(origin: string, hash: Hex): Promise<Uint8Array> {
  const path = endpoints.getBundle.path.replace('{hash}', hash)
  const response = await fetch(`${origin}${API_PREFIX}${path}`)
  if (!response.ok)
    throw new TaggerError('not-found', `This node does not hold the evidence of batch ${hash}`)
  return new Uint8Array(await response.arrayBuffer())
}
