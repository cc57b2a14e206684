import { createTagger, localStorageStore, type Tagger } from '@tagger/sdk'
import { setAccountApi } from '../api.ts'
import { queryClient } from '../query-client.ts'
import { getSession, onSession } from '../session.ts'
import { walletClient } from './wallet.ts'

let opened: { account: string; tagger: Promise<Tagger> } | null = null

/** The client of the connected account: its login, device key, unsent answers and transactions. */
export async function openTagger(): Promise<Tagger> {
  const { account } = getSession()
  if (account === null) throw new Error('No wallet is connected')
  if (opened?.account === account) return await opened.tagger
  const tagger = walletClient().then((wallet) => {
    const made = createTagger({ url: location.origin, wallet, store: localStorageStore() })
    setAccountApi(made.api)
    return made
  })
  opened = { account, tagger }
  tagger.catch(() => {
    opened = null
  })
  return await tagger
}

onSession(() => {
  const { account, status } = getSession()
  if (opened === null || status === 'connecting' || account === opened.account) return
  // Another account sees other things, so nothing of the last one may stay on screen.
  opened = null
  setAccountApi(null)
  queryClient.clear()
})
