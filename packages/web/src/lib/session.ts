import type { Address } from '@tagger/protocol'
import { useSyncExternalStore } from 'react'

/** Who uses the app right now. */
export interface Session {
  status: 'none' | 'connecting' | 'connected'
  account: Address | null
  /** `local` is the test wallet made in this browser. */
  kind: 'injected' | 'local' | null
  walletName: string | null
  /** The wallet's own chain: others than the network's cannot send transactions here. */
  chainId: number | null
}

const NONE: Session = { status: 'none', account: null, kind: null, walletName: null, chainId: null }

let session: Session = NONE
const listeners = new Set<() => void>()

/** The session now. */
export function getSession(): Session {
  return session
}

/** Replaces the session and tells every screen. */
export function setSession(next: Partial<Session> | null): void {
  session = next === null ? NONE : { ...session, ...next }
  for (const listener of listeners) listener()
}

/** Calls back whenever the session changes, until the returned function is called. */
export function onSession(listener: () => void): () => void {
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
  }
}

/** The session, kept current. */
export function useSession(): Session {
  return useSyncExternalStore(onSession, getSession)
}
