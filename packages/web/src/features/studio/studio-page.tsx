import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { AccountGate } from '../../components/account-gate.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { Chip, Meter } from '../../components/parts.tsx'
import { Empty, Loaded, Waiting } from '../../components/states.tsx'
import { useActivity } from '../../lib/activity.ts'
import { formatCount } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { campaignsQuery } from '../../lib/queries.ts'
import { useSession } from '../../lib/session.ts'
import { DraftPanel } from './draft-panel.tsx'
import styles from './studio.module.css'

/** The campaigns of a requester. */
export function StudioPage() {
  useActivity()
  return (
    <Page
      title={t.studio.title}
      lead={t.studio.lead}
      actions={
        <Button component={Link} to="/studio/new">
          {t.studio.start}
        </Button>
      }
    >
      <AccountGate why={t.studio.gate}>
        {(tagger) => (
          <div className={styles.form}>
            <OwnCampaigns />
            <DraftPanel tagger={tagger} />
          </div>
        )}
      </AccountGate>
    </Page>
  )
}

function OwnCampaigns() {
  const { account } = useSession()
  const campaigns = useQuery(campaignsQuery({ requester: account ?? '', limit: 100 }))
  return (
    <Loaded query={campaigns} waiting={<Waiting lines={3} height={64} />}>
      {(entries) => (
        <Panel isFlush>
          {entries.length === 0 ? (
            <Empty
              title={t.studio.emptyTitle}
              text={t.studio.empty}
              action={
                <Button component={Link} to="/studio/new">
                  {t.studio.start}
                </Button>
              }
            />
          ) : (
            entries.map((campaign) => (
              <Link
                key={campaign.id}
                to="/campaigns/$campaignId"
                params={{ campaignId: campaign.id }}
                className={styles.campaign}
              >
                <span>
                  <strong>{campaign.title}</strong>
                  <br />
                  <span className="dim small number">
                    {t.studio.campaigns.settled(
                      formatCount(campaign.itemsSettled),
                      formatCount(campaign.items),
                    )}
                  </span>
                </span>
                <Meter
                  share={campaign.items === 0 ? 0 : campaign.itemsSettled / campaign.items}
                  label={t.campaign.progress}
                />
                <Chip
                  tone={
                    campaign.status === 'open' ? 'good' : campaign.status === 'closing' ? 'warn' : undefined
                  }
                >
                  {t.status[campaign.status]}
                </Chip>
              </Link>
            ))
          )}
        </Panel>
      )}
    </Loaded>
  )
}
