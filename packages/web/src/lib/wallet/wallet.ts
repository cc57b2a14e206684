import { toAddress } from '@tagger/protocol'
import { defineChain, type EIP1193Provider, type WalletClient } from 'viem'
import { type Config, type Connector, createConfig, http } from 'wagmi'
import {
  connect,
  disconnect,
  getConnectors,
  getWalletClient,
  switchChain,
  watchConnection,
} from 'wagmi/actions'
import { t } from '../messages.ts'
import { type Network, readNetwork } from '../network.ts'
import { setSession } from '../session.ts'
import { LOCAL_CONNECTOR, localConnector } from './local-connector.ts'
import { localKey } from './local-provider.ts'
import { rememberWallet } from './remembered.ts'

let opened: Promise<Config> | null = null

async function getConfig(): Promise<Config> {
  opened ??= readNetwork().then(makeConfig)
  // A node that was down a moment ago may answer now.
  opened.catch(() => {
    opened = null
  })
  return await opened
}

function makeConfig(network: Network): Config {
  const chain = chainOf(network)
  const config = createConfig({
    chains: [chain],
    connectors:
      network.isLocal && network.rpcUrl !== null
        ? [localConnector({ name: t.wallet.local, rpcUrl: network.rpcUrl, chainId: network.chainId })]
        : [],
    transports: { [chain.id]: http(network.rpcUrl ?? undefined) },
    multiInjectedProviderDiscovery: true,
    // We connect again ourselves: wagmi would ask every wallet it finds.
    storage: null,
  })
  watchConnection(config, {
    onChange(connection) {
      if (connection.status !== 'connected') return
      setSession({
        status: 'connected',
        account: toAddress(connection.address),
        kind: connection.connector.id === LOCAL_CONNECTOR ? 'local' : 'injected',
        walletName: connection.connector.name,
        chainId: connection.chainId,
      })
    },
  })
  return config
}

/** The network as wallets describe chains. */
function chainOf(network: Network) {
  return defineChain({
    id: network.chainId,
    name: network.name,
    nativeCurrency: { name: 'Ether', symbol: 'ETH', decimals: 18 },
    rpcUrls: { default: { http: [network.rpcUrl ?? location.origin] } },
  })
}

/** Wallets to choose from: those announced by EIP-6963, then the local test wallet. */
export async function listWallets(): Promise<readonly Connector[]> {
  const config = await getConfig()
  return getConnectors(config).filter((connector) => connector.id !== LOCAL_CONNECTOR)
}

/** Connects a wallet by the id of its connector. */
export async function connectWallet(connectorId: string): Promise<void> {
  const config = await getConfig()
  const connector = getConnectors(config).find(({ id }) => id === connectorId)
  if (connector === undefined) throw new Error(t.wallet.none)
  setSession({ status: 'connecting' })
  try {
    await connect(config, { connector })
    rememberWallet(connectorId)
  } catch (error) {
    setSession(null)
    throw error
  }
}

/** Makes or opens the test wallet of this browser. */
export async function connectLocalWallet(): Promise<void> {
  await connectWallet(LOCAL_CONNECTOR)
}

/** Connects the wallet of the last visit without asking, when it still allows it. */
export async function reconnectWallet(connectorId: string): Promise<void> {
  setSession({ status: 'connecting' })
  try {
    const config = await getConfig()
    const connector = await waitForConnector(config, connectorId)
    if (connector === undefined || !(await connector.isAuthorized())) return setSession(null)
    await connect(config, { connector })
  } catch {
    setSession(null)
  }
}

/** Extensions announce themselves a moment after the page is there. */
async function waitForConnector(config: Config, id: string): Promise<Connector | undefined> {
  for (let tries = 0; tries < 20; tries++) {
    const found = getConnectors(config).find((connector) => connector.id === id)
    if (found !== undefined) return found
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return undefined
}

/** Forgets the wallet on this device. */
export async function disconnectWallet(): Promise<void> {
  rememberWallet(null)
  await disconnect(await getConfig()).catch(() => {})
  setSession(null)
}

/** What the sdk signs and sends with. */
export async function walletClient(): Promise<WalletClient> {
  const config = await getConfig()
  return await getWalletClient(config)
}

/** The private key of this browser's test wallet, for the person whose it is. */
export function exportLocalKey(): string {
  return localKey()
}

/** Asks the wallet to add this network and to switch to it. */
export async function switchToNetwork(): Promise<void> {
  const config = await getConfig()
  await switchChain(config, { chainId: config.chains[0].id })
}

/** Transactions the wallet believes it has sent; null when it cannot tell. */
export async function walletNonce(account: string): Promise<number | null> {
  const client = await walletClient()
  const provider = client as unknown as Pick<EIP1193Provider, 'request'>
  const nonce = await provider
    .request({ method: 'eth_getTransactionCount', params: [account as `0x${string}`, 'pending'] })
    .catch(() => null)
  return nonce === null ? null : Number(nonce)
}
