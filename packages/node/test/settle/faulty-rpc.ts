import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { campaignsAbi } from '@tagger/contracts/abi'
import type { Hex } from '@tagger/protocol'
import { seededRandom } from '@tagger/protocol/seeded'
import { getAbiItem, toFunctionSelector } from 'viem'

/** How a seed's fault looks like, and where in a campaign's settlement it strikes. */
export interface Fault {
  seed: number
  /** Calldata of the step holds this. */
  mark: string
  step: Step
  mode: 'refuse' | 'drop' | 'drop-answer' | 'error'
  /** Requests it strikes before the RPC is well again. */
  times: number
  struck: number
}

type Step = (typeof STEPS)[number]

// Fees and closing name no campaign in their calldata; what names one is propose and finalize.
const STEPS = ['propose-estimate', 'propose-send', 'finalize-estimate', 'finalize-send'] as const
const MODES = ['refuse', 'drop', 'drop-answer', 'error'] as const
const SELECTORS = { propose: selectorOf('propose'), finalize: selectorOf('finalize') }

/** An RPC in front of the real one that fails on a seeded schedule. */
export interface FaultyRpc {
  url: string
  /** Arms one fault for the campaign with this id, chosen by the seed alone. */
  plan(seed: number, campaignId: Hex): Fault
  close(): Promise<void>
}

/** Starts it. Beside armed faults, it is down altogether for a moment now and then. */
export async function startFaultyRpc(target: string): Promise<FaultyRpc> {
  const faults: Fault[] = []
  const random = seededRandom(7)
  let downUntil = 0
  const server = createServer(async (request, response) => {
    const body = await read(request)
    if (Date.now() >= downUntil && random() < 0.004) downUntil = Date.now() + 200 + random() * 600
    if (Date.now() < downUntil) return response.destroy()
    const fault = faults.find((candidate) => strikes(candidate, body))
    if (fault) {
      fault.struck++
      fault.times--
    }
    if (fault?.mode === 'refuse') return answer(response, 503, 'unavailable')
    if (fault?.mode === 'drop') return response.destroy()
    if (fault?.mode === 'error') {
      const error = { code: -32603, message: 'seeded fault' }
      const { id } = JSON.parse(body) as { id: number }
      return answer(response, 200, JSON.stringify({ jsonrpc: '2.0', id, error }))
    }
    try {
      const real = await fetch(target, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body,
      })
      const text = await real.text()
      // The chain has taken it, and nobody was told.
      if (fault?.mode === 'drop-answer') return response.destroy()
      return answer(response, real.status, text)
    } catch {
      return response.destroy()
    }
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    plan(seed, campaignId) {
      const draw = seededRandom(seed)
      const fault = {
        seed,
        mark: campaignId.slice(2),
        step: STEPS[Math.floor(draw() * STEPS.length)]!,
        mode: MODES[Math.floor(draw() * MODES.length)]!,
        times: 1 + Math.floor(draw() * 4),
        struck: 0,
      }
      faults.push(fault)
      return fault
    },
    async close() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
}

function strikes(fault: Fault, body: string): boolean {
  if (fault.times === 0 || !body.includes(fault.mark)) return false
  const [call, kind] = fault.step.split('-') as [keyof typeof SELECTORS, 'estimate' | 'send']
  const method = kind === 'send' ? 'eth_sendRawTransaction' : 'eth_estimateGas'
  return body.includes(`"${method}"`) && body.includes(SELECTORS[call])
}

function selectorOf(name: 'propose' | 'finalize'): string {
  return toFunctionSelector(getAbiItem({ abi: campaignsAbi, name })).slice(2)
}

async function read(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString()
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(text)
}
