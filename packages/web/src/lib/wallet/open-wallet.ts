import { getSession } from '../session.ts'
import { rememberedWallet } from './remembered.ts'

/** Loads the wallet code: only people who use a wallet pay for it. */
export async function openWallet() {
  return await import('./wallet.ts')
}

/** Connects again the wallet of the last visit, if there was one. */
export async function restoreWallet(): Promise<void> {
  const connectorId = rememberedWallet()
  if (connectorId === null || getSession().status !== 'none') return
  const { reconnectWallet } = await openWallet()
  await reconnectWallet(connectorId)
}
