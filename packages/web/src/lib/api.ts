import { type Api, createApi } from '@tagger/sdk'
import { t } from './messages.ts'

const nobody = {
  known: async () => null,
  obtain: async (): Promise<string> => {
    throw new Error(t.wallet.gateTitle)
  },
}

const reading: Api = createApi({
  url: location.origin,
  fetch: (...call: Parameters<typeof fetch>) => fetch(...call),
  authorization: nobody,
  retry: { tries: 3, firstWaitMilliseconds: 250, mostWaitMilliseconds: 2000 },
})

let current: Api = reading

/** Calls the node as whoever is logged in; null goes back to reading without an account. */
export function setAccountApi(accountApi: Api | null): void {
  current = accountApi ?? reading
}

/** Every call of the node. Wallet and chain code are loaded only by those who need them. */
export const api: Api = new Proxy({} as Api, {
  get: (_, name) => Reflect.get(current, name),
})
