import { Button } from '@mantine/core'
import type { Tagger } from '@tagger/sdk'
import { useQuery } from '@tanstack/react-query'
import { Link, useParams } from '@tanstack/react-router'
import { Page } from '../../components/page.tsx'
import { Chip } from '../../components/parts.tsx'
import { Loaded, Notice, Waiting } from '../../components/states.tsx'
import { useActivity } from '../../lib/activity.ts'
import { now } from '../../lib/clock.ts'
import { languageName } from '../../lib/languages.ts'
import { t } from '../../lib/messages.ts'
import { type Campaign, campaignQuery, progressQuery } from '../../lib/queries.ts'
import { useSession } from '../../lib/session.ts'
import { useTagger } from '../../lib/tagger.ts'
import { ConfusionPanel, LabelPanel } from './answer-panels.tsx'
import { BatchPanel } from './batch-panel.tsx'
import styles from './campaign.module.css'
import { InviteNotice } from './invite-notice.tsx'
import { MoneyPanel } from './money-panel.tsx'
import { OwnerPanel } from './owner-panel.tsx'
import { ProgressPanel } from './progress-panel.tsx'
import { StoppedPanel } from './stopped-panel.tsx'
import { TermsPanel } from './terms-panel.tsx'
import { WorkerPanel } from './worker-panel.tsx'

/** A campaign as it runs: for everyone to see, and for its requester to steer. */
export function CampaignPage() {
  const { campaignId } = useParams({ strict: false }) as { campaignId: string }
  const { account } = useSession()
  // Logged in, the node adds what only the requester may see; so each account has its own entry.
  const { tagger } = useTagger()
  const campaign = useQuery({ ...campaignQuery(campaignId), refetchInterval: 10_000 })
  useActivity()
  const isRequester = campaign.data !== undefined && campaign.data.requester === account
  return (
    <Loaded
      query={campaign}
      waiting={
        <Page>
          <Waiting lines={8} height={32} />
        </Page>
      }
    >
      {(data) => (
        <Page
          title={
            <span className={styles.titles}>
              {data.title} <StatusChip campaign={data} />
            </span>
          }
          lead={[t.kind[data.kind], t.modality[data.modality], ...data.languages.map(languageName)].join(
            ' · ',
          )}
          actions={<Actions campaign={data} isRequester={isRequester} />}
        >
          <Content campaign={data} tagger={tagger} owner={isRequester ? tagger : null} />
        </Page>
      )}
    </Loaded>
  )
}

function StatusChip({ campaign }: { campaign: Campaign }) {
  const tone = campaign.status === 'open' ? 'good' : campaign.status === 'closing' ? 'warn' : undefined
  return <Chip tone={tone}>{t.status[campaign.status]}</Chip>
}

function Actions({ campaign, isRequester }: { campaign: Campaign; isRequester: boolean }) {
  const { id, kind, status } = campaign
  return (
    <>
      <Button component={Link} to={`/verify?campaign=${id}`} variant="default">
        {t.campaign.verify}
      </Button>
      {!isRequester && status === 'open' && (
        <Button component={Link} to={kind === 'collect' ? `/contribute/${id}` : `/work/${id}`}>
          {kind === 'collect' ? t.campaign.contribute : t.campaign.answer}
        </Button>
      )}
    </>
  )
}

function Content(props: { campaign: Campaign; tagger: Tagger | null; owner: Tagger | null }) {
  const { campaign, tagger, owner } = props
  const progress = useQuery({ ...progressQuery(campaign.id), refetchInterval: 4_000 })
  // When it was closed in time there is nothing to say; the chain tells the rest.
  const isPast =
    campaign.status === 'silent' ||
    (campaign.status !== 'closed' && now() >= (campaign.terms.deadline + campaign.terms.grace) * 1_000)
  const isLow = campaign.status === 'open' && campaign.money.available < campaign.topPay
  return (
    <div className={styles.grid}>
      <div className={styles.column}>
        {tagger !== null && isPast && <StoppedPanel campaign={campaign} tagger={tagger} />}
        {campaign.status === 'closing' && !isPast && <Notice tone="warn">{t.campaign.owner.closing}</Notice>}
        {isLow && (
          <Notice tone="warn" title={owner === null ? undefined : t.campaign.owner.lowTitle}>
            {owner === null ? t.campaign.owner.lowOther : t.campaign.owner.low}
          </Notice>
        )}
        <Loaded query={progress} waiting={<Waiting lines={5} height={40} />}>
          {(data) => (
            <>
              {owner !== null && campaign.status === 'open' && data.records === 0 && (
                <InviteNotice campaign={campaign} />
              )}
              <ProgressPanel campaign={campaign} progress={data} />
              <div className={styles.two}>
                <LabelPanel progress={data} />
                <ConfusionPanel progress={data} />
              </div>
              {owner !== null && <WorkerPanel campaign={campaign} progress={data} />}
            </>
          )}
        </Loaded>
        <BatchPanel campaign={campaign} tagger={tagger} />
      </div>
      <div className={styles.column}>
        {owner !== null && <OwnerPanel campaign={campaign} tagger={owner} />}
        <MoneyPanel campaign={campaign} />
        <TermsPanel campaign={campaign} />
      </div>
    </div>
  )
}
