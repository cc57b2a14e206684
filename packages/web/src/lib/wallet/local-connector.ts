import { createConnector } from 'wagmi'
import { createLocalProvider } from './local-provider.ts'

/** Name and id of the test wallet that lives in this browser; local networks only. */
export const LOCAL_CONNECTOR = 'tagger-local'

/** The in-browser test wallet as one more connector beside the injected ones. */
export function localConnector(options: { name: string; rpcUrl: string; chainId: number }) {
  const provider = createLocalProvider(options)
  return createConnector((config) => ({
    id: LOCAL_CONNECTOR,
    name: options.name,
    type: LOCAL_CONNECTOR,
    // The type parameters of wagmi's connect cannot be named here; what it returns is what they describe.
    async connect() {
      return { accounts: [provider.address], chainId: options.chainId } as never
    },
    async disconnect() {},
    async getAccounts() {
      return [provider.address]
    },
    async getChainId() {
      return options.chainId
    },
    async getProvider() {
      return provider
    },
    async isAuthorized() {
      return true
    },
    onAccountsChanged() {},
    onChainChanged() {},
    onDisconnect() {
      config.emitter.emit('disconnect')
    },
  }))
}
