import { Button } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { t } from '../lib/messages.ts'
import { networkQuery } from '../lib/queries.ts'
import { useSession } from '../lib/session.ts'
import type { NonceGap } from '../lib/wallet/nonce.ts'
import { openWallet } from '../lib/wallet/open-wallet.ts'
import { ErrorNotice, Notice } from './states.tsx'

/** A wallet on another chain would sign for nothing: says so, and has it add this one and switch. */
export function WrongNetwork() {
  const { chainId, kind } = useSession()
  const network = useQuery(networkQuery()).data
  const move = useMutation({ mutationFn: async () => await (await openWallet()).switchToNetwork() })
  if (network === undefined || chainId === null || kind !== 'injected' || chainId === network.chainId)
    return null
  return (
    <Notice tone="warn" title={t.wallet.wrongNetwork(network.name, network.chainId)}>
      <div>
        <Button size="xs" mt={6} variant="default" loading={move.isPending} onClick={() => move.mutate()}>
          {t.wallet.switchNetwork}
        </Button>
      </div>
      <ErrorNotice error={move.error} />
    </Notice>
  )
}

/** What to do with a wallet that remembers the network of before a reset. */
export function StaleNonce({ gap }: { gap: NonceGap }) {
  return (
    <Notice tone="warn" title={t.wallet.nonceTitle}>
      {t.wallet.nonceHint(gap.wallet, gap.chain)}
    </Notice>
  )
}
