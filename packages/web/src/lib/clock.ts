import { useSyncExternalStore } from 'react'

/** The time on this device, in milliseconds. */
export function now(): number {
  return Date.now()
}

let current = now()
let timer: ReturnType<typeof setInterval> | undefined
const listeners = new Set<() => void>()

function subscribe(listener: () => void): () => void {
  listeners.add(listener)
  timer ??= setInterval(() => {
    current = now()
    for (const each of listeners) each()
  }, 1000)
  return () => {
    listeners.delete(listener)
    if (listeners.size > 0) return
    clearInterval(timer)
    timer = undefined
  }
}

/** The time, once a second; one timer for the whole app. */
export function useNow(): number {
  return useSyncExternalStore(subscribe, () => current)
}
