import type { OutboxState, Tagger, Worker } from '@tagger/sdk'
import { useQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'

const AGAIN_MILLISECONDS = 4000

/** This account's work in one campaign, opened once; unsent answers of earlier visits are sent right away. */
export function useWorker(tagger: Tagger | null, campaignId: string) {
  return useQuery({
    queryKey: ['worker', tagger?.wallet?.account, campaignId],
    enabled: tagger !== null,
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: async () => {
      if (tagger === null) throw new Error('unreachable')
      return { worker: await tagger.work(campaignId as `0x${string}`, { chunkSize: 50 }) }
    },
  })
}

/** What is accepted and what is not yet; keeps trying while anything waits. */
export function useOutbox(worker: Worker): OutboxState {
  const [state, setState] = useState<OutboxState>(() => worker.state())
  useEffect(() => {
    setState(worker.state())
    return worker.onChange(setState)
  }, [worker])
  const isWaiting = state.waiting.length > 0
  useEffect(() => {
    if (!isWaiting) return
    const send = () => void worker.flush().catch(() => undefined)
    const timer = setInterval(send, AGAIN_MILLISECONDS)
    window.addEventListener('online', send)
    return () => {
      clearInterval(timer)
      window.removeEventListener('online', send)
    }
  }, [worker, isWaiting])
  return state
}

/** Whether the browser thinks it is connected. */
export function useOnline(): boolean {
  const [isOnline, setOnline] = useState(navigator.onLine)
  useEffect(() => {
    const change = () => setOnline(navigator.onLine)
    window.addEventListener('online', change)
    window.addEventListener('offline', change)
    return () => {
      window.removeEventListener('online', change)
      window.removeEventListener('offline', change)
    }
  }, [])
  return isOnline
}
