import { testUsdAbi } from '@tagger/contracts/abi'
import { TaggerError } from '@tagger/protocol'
import type { Tagger } from '@tagger/sdk'

/** Gives an account gas, and test dollars up to what it needs; local networks only. */
export async function fund(tagger: Tagger, dollars: bigint): Promise<void> {
  const { account } = tagger.wallet!
  const [network, chain] = await Promise.all([tagger.network(), tagger.chain()])
  const { testUsd } = network.contracts
  if (!network.isLocal || testUsd === null) {
    throw new TaggerError('forbidden', 'Play money exists on a local network only', {
      hints: ['Without --node a replay starts a network of its own.'],
    })
  }
  if ((await chain.client.getBalance({ address: account })) < 10n ** 17n) {
    await tagger.api.createFaucetDrop({ body: { account } })
  }
  const missing = dollars - (await chain.balanceOf(testUsd, account))
  if (missing <= 0n) return
  await chain.write({
    what: 'Minting test dollars',
    address: testUsd,
    abi: testUsdAbi,
    functionName: 'mint',
    args: [account, missing],
  })
}
