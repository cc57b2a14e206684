import type { Tagger } from '@tagger/sdk'
import { api } from '../api.ts'
import { readNetwork } from '../network.ts'
import { getSession } from '../session.ts'

/** A test wallet made in this browser starts empty: on the local network it gets gas before its first transaction. */
export async function ensureGas(tagger: Tagger): Promise<void> {
  const network = await readNetwork()
  const { account, kind } = getSession()
  if (!network.isLocal || kind !== 'local' || account === null) return
  const { client } = await tagger.chain()
  if ((await client.getBalance({ address: account })) > 0n) return
  await api.createFaucetDrop({ body: { account } })
  for (let tries = 0; tries < 60; tries++) {
    if ((await client.getBalance({ address: account })) > 0n) return
    await new Promise((resolve) => setTimeout(resolve, 250))
  }
}
