import { getSession } from '../session.ts'

const REMEMBERED = 'tagger:wallet'

/** Loads the wallet code: only people who use a wallet pay for it. */
export async function openWallet() {
  return await import('./wallet.ts')
}

/** Notes that a wallet was connected here, so that the next visit connects by itself. */
export function rememberWallet(connectorId: string | null): void {
  if (connectorId === null) localStorage.removeItem(REMEMBERED)
  else localStorage.setItem(REMEMBERED, connectorId)
}

/** Connects again the wallet of the last visit, if there was one. */
export async function restoreWallet(): Promise<void> {
  const connectorId = localStorage.getItem(REMEMBERED)
  if (connectorId === null || getSession().status !== 'none') return
  const { reconnectWallet } = await openWallet()
  await reconnectWallet(connectorId)
}
