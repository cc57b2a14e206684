import { Button } from '@mantine/core'
import { IconPlayerPlayFilled } from '@tabler/icons-react'
import { useMutation } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { Notice } from '../../components/states.tsx'
import { describeError } from '../../lib/errors.ts'
import { t } from '../../lib/messages.ts'
import { campaignsQuery } from '../../lib/queries.ts'
import { queryClient } from '../../lib/query-client.ts'
import { getSession } from '../../lib/session.ts'
import { openWallet } from '../../lib/wallet/open-wallet.ts'

/** One click from here to the first task: a test wallet, a login and the device key are made on the way. */
export function TryButton() {
  const navigate = useNavigate()
  const start = useMutation({
    mutationFn: async () => {
      const open = await queryClient.fetchQuery(campaignsQuery({ status: 'open', kind: 'annotate' }))
      const campaign = open.find(({ isDemo }) => isDemo) ?? open[0]
      if (campaign === undefined) throw new Error(t.home.tryNone)
      if (getSession().account === null) await (await openWallet()).connectLocalWallet()
      await navigate({ to: '/work/$campaignId', params: { campaignId: campaign.id } })
    },
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
      {start.isError && <Notice tone="warn">{describeError(start.error).message}</Notice>}
    </>
  )
}
