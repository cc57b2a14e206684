import type { Hex, Verdict } from '@tagger/protocol'
import { useCallback, useEffect, useRef, useState } from 'react'
import { now } from '../../lib/clock.ts'
import { t } from '../../lib/messages.ts'
import type { Network } from '../../lib/network.ts'
import type { VerifyReply, VerifyRequest } from './verify.worker.ts'

/** Where a verification stands. */
export interface Verification {
  state: 'idle' | 'running' | 'done' | 'failed'
  step: 'chain' | 'evidence' | 'check'
  campaignId: Hex | null
  progress: { batch: number; done: number; total: number } | null
  verdict: Verdict | null
  /** Batches compared; none means there was nothing to compare. */
  batches: number
  message: string
  milliseconds: number
}

const IDLE: Verification = {
  state: 'idle',
  step: 'chain',
  campaignId: null,
  progress: null,
  verdict: null,
  batches: 0,
  message: '',
  milliseconds: 0,
}

/** Runs the verification in a thread of its own, so that the page stays alive. */
export function useVerify(network: Network | undefined) {
  const [verification, setVerification] = useState(IDLE)
  const worker = useRef<Worker | null>(null)
  useEffect(() => () => worker.current?.terminate(), [])

  const start = useCallback(
    async (campaignId: Hex | null, files: readonly File[], batch: Hex | null = null) => {
      worker.current?.terminate()
      if (network === undefined) return
      if (network.rpcUrl === null) {
        setVerification({ ...IDLE, state: 'failed', message: t.wallet.cannotAdd })
        return
      }
      const startedAt = now()
      setVerification({ ...IDLE, state: 'running', campaignId })
      const thread = new Worker(new URL('./verify.worker.ts', import.meta.url), { type: 'module' })
      worker.current = thread
      thread.onmessage = ({ data }: MessageEvent<VerifyReply>) =>
        setVerification((before) => reduce(before, data, now() - startedAt))
      thread.onerror = ({ message }) => setVerification((before) => ({ ...before, state: 'failed', message }))
      const request: VerifyRequest = {
        origin: location.origin,
        rpcUrl: network.rpcUrl,
        deployment: { chainId: network.chainId, campaigns: network.contracts.campaigns },
        campaignId,
        batch,
        files: await Promise.all(files.map((file) => file.arrayBuffer())),
      }
      thread.postMessage(request)
    },
    [network],
  )
  return { verification, start }
}

function reduce(before: Verification, reply: VerifyReply, milliseconds: number): Verification {
  switch (reply.type) {
    case 'step':
      return { ...before, step: reply.step, campaignId: reply.campaignId }
    case 'progress':
      return { ...before, progress: reply }
    case 'verdict':
      return { ...before, state: 'done', verdict: reply.verdict, batches: reply.batches, milliseconds }
    case 'error':
      return { ...before, state: 'failed', message: reply.message }
  }
}
