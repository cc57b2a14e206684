import type { Tagger } from '@tagger/sdk'
import { api } from '../api.ts'
import { readNetwork } from '../network.ts'
import { getSession } from '../session.ts'

/** A test wallet made in this browser starts empty: on the local network it gets gas before its first transaction. */
export async function ensureGas(tagger: Tagger): Promise<void> {
  if (getSession().kind === 'local' && (await lacksGas(tagger))) await getGas(tagger)
}

/** Whether a wallet of the local network cannot pay for a transaction, which the faucet there can mend. */
export async function lacksGas(tagger: Tagger): Promise<boolean> {
  const { account } = getSession()
  if (account === null || !(await readNetwork()).isLocal) return false
  const { client } = await tagger.chain()
  return (await client.getBalance({ address: account })) === 0n
}

/** Has the faucet send test money, and waits until it is there. */
export async function getGas(tagger: Tagger): Promise<void> {
  const { account } = getSession()
  if (account === null) return
  await api.createFaucetDrop({ body: { account } })
  for (let tries = 0; tries < 60 && (await lacksGas(tagger)); tries++) {
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}
