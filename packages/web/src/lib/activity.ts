import { ActivityDocument, API_PREFIX, endpoints } from '@tagger/protocol/wire'
import { useEffect, useState } from 'react'
import type { Activity } from './queries.ts'
import { queryClient } from './query-client.ts'

/** Many events at once become one refresh. */
const SETTLE_MILLISECONDS = 700

const listeners = new Set<(activity: Activity) => void>()
const stateListeners = new Set<(isLive: boolean) => void>()
const stale = new Set<string>()
let source: EventSource | null = null
let isLive = false
let timer: ReturnType<typeof setTimeout> | undefined

function open(): void {
  source = new EventSource(`${location.origin}${API_PREFIX}${endpoints.streamActivity.path}`)
  const onEvent = (event: MessageEvent<string>) => {
    const activity = ActivityDocument.safeParse(parse(event.data))
    if (!activity.success) return
    refresh(activity.data)
    for (const listener of listeners) listener(activity.data)
  }
  source.onmessage = onEvent
  source.onopen = () => tell(true)
  source.onerror = () => tell(false)
}

function tell(next: boolean): void {
  isLive = next
  for (const listener of stateListeners) listener(next)
}

/** Fetches anew what an activity says has changed. */
function refresh({ campaignId, type }: Activity): void {
  stale.add('network').add('campaigns')
  if (campaignId !== null) stale.add(`campaign ${campaignId}`)
  if (type !== 'records-accepted' && type !== 'item-ready') stale.add('earnings').add('records')
  if (/passport|offer|license|share/.test(type)) stale.add('datasets').add('licenses').add('shares')
  if (/^(?:batch|stake|dispute|proposal|parameter)-/.test(type)) stale.add('govern')
  if (timer !== undefined) return
  timer = setTimeout(() => {
    timer = undefined
    for (const entry of stale) void queryClient.invalidateQueries({ queryKey: entry.split(' ') })
    stale.clear()
  }, SETTLE_MILLISECONDS)
}

/** Calls back for each thing that happens on the network while the component is there; one stream for the app. */
export function useActivity(listener?: (activity: Activity) => void): { isLive: boolean } {
  const [live, setLive] = useState(isLive)
  useEffect(() => {
    if (source === null) open()
    stateListeners.add(setLive)
    if (listener !== undefined) listeners.add(listener)
    return () => {
      stateListeners.delete(setLive)
      if (listener !== undefined) listeners.delete(listener)
    }
  }, [listener])
  return { isLive: live }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
