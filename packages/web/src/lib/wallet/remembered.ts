const REMEMBERED = 'tagger:wallet'

/** The wallet of the last visit, null when there was none. */
export function rememberedWallet(): string | null {
  return localStorage.getItem(REMEMBERED)
}

/** Notes that a wallet was connected here, so that the next visit connects by itself. */
export function rememberWallet(connectorId: string | null): void {
  if (connectorId === null) localStorage.removeItem(REMEMBERED)
  else localStorage.setItem(REMEMBERED, connectorId)
}
