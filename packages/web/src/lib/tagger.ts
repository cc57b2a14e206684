import type { Tagger } from '@tagger/sdk'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useSyncExternalStore } from 'react'
import { t } from './messages.ts'
import { getSession, useSession } from './session.ts'

const loggedIn = new Set<string>()
const listeners = new Set<() => void>()

/** The connected account's client, its code loaded on first use. */
export async function loadTagger(): Promise<Tagger> {
  if (getSession().account === null) throw new Error(t.wallet.gateTitle)
  const { openTagger } = await import('./wallet/tagger.ts')
  return await openTagger()
}

/** Whether this account has logged in on this device, as far as is known; a stale login renews itself on use. */
function hasLogin(account: string | null): boolean {
  if (account === null) return false
  return loggedIn.has(account) || localStorage.getItem(`tagger:login:${location.origin}:${account}`) !== null
}

/** Logs in and remembers it. */
export async function logIn(): Promise<void> {
  const tagger = await loadTagger()
  await tagger.login()
  loggedIn.add(getSession().account ?? '')
  for (const listener of listeners) listener()
}

/** The account's client once a wallet is connected and logged in; `logIn` asks the wallet. */
export function useTagger() {
  const { account, status, kind } = useSession()
  const isLoggedIn = useSyncExternalStore(
    (listener) => {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
    () => hasLogin(account),
  )
  const login = useMutation({ mutationFn: logIn })
  // The local test wallet signs without asking, so there is nothing to explain first.
  const isReady = account !== null && (isLoggedIn || kind === 'local')
  const tagger = useQuery({
    queryKey: ['tagger', account],
    enabled: isReady,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    queryFn: async () => {
      const made = await loadTagger()
      if (!hasLogin(account)) await logIn()
      return { made }
    },
  })
  return { account, status, login, isReady, tagger: tagger.data?.made ?? null, error: tagger.error }
}
