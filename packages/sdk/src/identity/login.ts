import { TaggerError } from '@tagger/protocol'
import type { Api } from '../http/api.ts'
import type { Authorization } from '../http/send.ts'
import type { Store } from '../store.ts'
import type { Wallet } from './wallet.ts'

/** Logs in when a call needs it, once for many calls, and again when the node forgot the token. */
export function createLogin(options: {
  url: string
  wallet: Wallet | null
  store: Store
  api: () => Api
}): Authorization & { forget(): Promise<void> } {
  const { wallet, store } = options
  const key = `login:${options.url}:${wallet?.account ?? ''}`
  let token: string | null = null
  let running: Promise<string> | null = null

  const known = async () => {
    if (wallet === null) return null
    token ??= await store.get(key)
    return token
  }

  const login = async () => {
    if (wallet === null) {
      throw new TaggerError('unauthorized', 'This needs an account, and no wallet is connected', {
        hints: ['Pass `wallet` to createTagger.'],
      })
    }
    const api = options.api()
    const { message } = await api.createLoginChallenge({ body: { account: wallet.account } })
    requireHonestChallenge(message, wallet.account)
    const signature = await wallet.signMessage(message)
    const login = await api.createLogin({ body: { message, signature } })
    token = login.token
    await store.set(key, token)
    return token
  }

  return {
    known,
    async forget() {
      token = null
      await store.remove(key)
    },
    async obtain(rejected) {
      const current = await known()
      if (current !== null && current !== rejected) return current
      if (running === null) {
        token = null
        running = store
          .remove(key)
          .then(login)
          .finally(() => {
            running = null
          })
      }
      return await running
    },
  }
}

/** A hostile node could ask for a signature over anything else: only a login for this account is signed. */
function requireHonestChallenge(message: string, account: string): void {
  const [first = '', second = ''] = message.split('\n')
  const isLogin = first.endsWith(' wants you to sign in with your Ethereum account:')
  if (!isLogin || second.trim().toLowerCase() !== account) {
    throw new TaggerError(
      'unauthorized',
      'The node asked for a signature that is not a login of this account',
      {
        hints: ['Do not use this node.'],
      },
    )
  }
}
