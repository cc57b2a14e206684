import { Button } from '@mantine/core'
import { IconPlayerPlayFilled } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { Meter } from '../../components/parts.tsx'
import { Notice } from '../../components/states.tsx'
import { describeError } from '../../lib/errors.ts'
import { t } from '../../lib/messages.ts'
import { getSession } from '../../lib/session.ts'
import { openWallet } from '../../lib/wallet/open-wallet.ts'
import styles from './home.module.css'
import { awaitCampaign } from './open-campaign.ts'

/** One click from here to the first task: a test wallet, a login and the device key are made on the way. */
export function TryButton() {
  const navigate = useNavigate()
  const [waited, setWaited] = useState<number | null>(null)
  const leaving = useRef<AbortController | null>(null)
  useEffect(() => () => leaving.current?.abort(), [])
  const start = useMutation({
    mutationFn: async () => {
      leaving.current = new AbortController()
      const { signal } = leaving.current
      const campaign = await awaitCampaign({ signal, onWait: setWaited })
      if (getSession().account === null) await (await openWallet()).connectLocalWallet()
      if (!signal.aborted) await navigate({ to: '/work/$campaignId', params: { campaignId: campaign.id } })
    },
    onSettled: () => setWaited(null),
  })
  return (
    <>
      <Button
        size="md"
        leftSection={<IconPlayerPlayFilled size={15} aria-hidden />}
        loading={start.isPending}
        onClick={() => start.mutate()}
      >
        {t.home.tryIt}
      </Button>
      {waited !== null && (
        <div className={styles.wait} role="status">
          <span>{t.home.tryWait}</span>
          <Meter share={waited} label={t.home.tryWait} />
        </div>
      )}
      {start.isError && <Notice tone="warn">{describeError(start.error).message}</Notice>}
    </>
  )
}
