import { Button, Group } from '@mantine/core'
import { IconCircleCheck, IconClockPause } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Empty, Failed, Waiting } from '../../components/states.tsx'
import { t } from '../../lib/messages.ts'
import { campaignQuery } from '../../lib/queries.ts'
import type { Shortfall } from './use-tasks.ts'

/** Why there is no task, and where to go from here. */
export function NothingToDo(props: {
  kind: 'annotation' | 'review'
  shortfall: Shortfall
  error: unknown
  campaignId: string
}) {
  const { kind, shortfall, error, campaignId } = props
  const campaign = useQuery(campaignQuery(campaignId)).data
  const isOver = campaign !== undefined && campaign.status !== 'open'
  if (error !== null && !isOver) return <Failed error={error} />
  if (shortfall === 'none' && !isOver) return <Waiting lines={4} height={28} />
  const [title, text] = isOver
    ? [t.work.closedTitle, t.work.closed]
    : shortfall === 'underfunded'
      ? [t.work.underfundedTitle, t.work.underfunded]
      : kind === 'review'
        ? [t.work.noReviewTitle, t.work.noReview]
        : [t.work.noWorkTitle, t.work.noWork]
  const Icon = shortfall === 'underfunded' ? IconClockPause : IconCircleCheck
  return (
    <Empty
      icon={<Icon size={28} stroke={1.5} aria-hidden />}
      title={title}
      text={text}
      action={
        <Group gap={8} justify="center">
          <Button component={Link} to="/earnings">
            {t.work.earnings}
          </Button>
          <Button component={Link} to="/work" variant="default">
            {t.work.more}
          </Button>
        </Group>
      }
    />
  )
}
