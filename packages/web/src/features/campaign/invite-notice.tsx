import { Button } from '@mantine/core'
import { IconCheck, IconCopy } from '@tabler/icons-react'
import { useMutation, useQuery } from '@tanstack/react-query'
import { ErrorNotice, Notice } from '../../components/states.tsx'
import { t } from '../../lib/messages.ts'
import { type Campaign, networkQuery } from '../../lib/queries.ts'

/** What the requester of a new campaign can do while nobody has answered. */
export function InviteNotice({ campaign }: { campaign: Campaign }) {
  const network = useQuery(networkQuery()).data
  const path = campaign.kind === 'collect' ? 'contribute' : 'work'
  const link = `${location.origin}/${path}/${campaign.id}`
  const copy = useMutation({ mutationFn: async () => await navigator.clipboard.writeText(link) })
  return (
    <Notice tone="good" title={t.campaign.invite.title}>
      <span>{t.campaign.invite.text}</span>
      {network?.demoCrowd != null && <span className="dim">{t.campaign.invite.local}</span>}
      <div>
        <Button
          mt={6}
          size="xs"
          variant="default"
          leftSection={
            copy.isSuccess ? <IconCheck size={14} aria-hidden /> : <IconCopy size={14} aria-hidden />
          }
          onClick={() => copy.mutate()}
        >
          {copy.isSuccess ? t.campaign.invite.copied : t.campaign.invite.copy}
        </Button>
      </div>
      <ErrorNotice error={copy.error} />
    </Notice>
  )
}
