import { Button, SegmentedControl, Select } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link, useSearch } from '@tanstack/react-router'
import { useState } from 'react'
import { Page } from '../../components/page.tsx'
import { Chip, Pay } from '../../components/parts.tsx'
import { Empty, Loaded, Waiting } from '../../components/states.tsx'
import { useActivity } from '../../lib/activity.ts'
import { useNow } from '../../lib/clock.ts'
import { formatAmount, formatDuration } from '../../lib/format.ts'
import { languageName } from '../../lib/languages.ts'
import { t } from '../../lib/messages.ts'
import { paceOf } from '../../lib/pace.ts'
import { type CampaignSummary, campaignsQuery } from '../../lib/queries.ts'
import styles from './work.module.css'

const ANY = 'any'

/** Open campaigns with what they pay. */
export function FeedPage() {
  const search = useSearch({ strict: false }) as { kind?: string }
  const [kind, setKind] = useState(search.kind === 'collect' ? 'collect' : ANY)
  const [modality, setModality] = useState(ANY)
  const [language, setLanguage] = useState<string | null>(null)
  const campaigns = useQuery(campaignsQuery({ status: 'open', limit: 100 }))
  useActivity()
  const clear = () => {
    setKind(ANY)
    setModality(ANY)
    setLanguage(null)
  }
  return (
    <Page title={t.work.title} lead={t.work.lead}>
      <search className={styles.filters} aria-label={t.work.filters}>
        <SegmentedControl
          aria-label={t.work.kind}
          value={kind}
          onChange={setKind}
          data={[
            { value: ANY, label: t.work.any },
            { value: 'annotate', label: t.work.kinds.annotate },
            { value: 'collect', label: t.work.kinds.collect },
          ]}
        />
        <SegmentedControl
          aria-label={t.work.modality}
          value={modality}
          onChange={setModality}
          data={[
            { value: ANY, label: t.work.any },
            { value: 'text', label: t.modality.text },
            { value: 'image', label: t.modality.image },
          ]}
        />
        <Select
          aria-label={t.work.language}
          placeholder={t.work.language}
          clearable
          w={160}
          value={language}
          onChange={setLanguage}
          data={[...new Set(campaigns.data?.flatMap(({ languages }) => languages) ?? [])].map((code) => ({
            value: code,
            label: languageName(code),
          }))}
        />
      </search>
      <Loaded query={campaigns} waiting={<Waiting lines={4} height={84} />}>
        {(all) => {
          const shown = all.filter(
            (campaign) =>
              (kind === ANY || campaign.kind === kind) &&
              (modality === ANY || campaign.modality === modality) &&
              (language === null || campaign.languages.includes(language)),
          )
          if (shown.length === 0) {
            return (
              <Empty
                title={t.work.emptyTitle}
                text={t.work.empty}
                action={
                  <Button variant="default" onClick={clear}>
                    {t.action.clear}
                  </Button>
                }
              />
            )
          }
          return (
            <div className={styles.feed}>
              {shown.map((campaign) => (
                <OfferRow key={campaign.id} campaign={campaign} />
              ))}
            </div>
          )
        }}
      </Loaded>
    </Page>
  )
}

function OfferRow({ campaign }: { campaign: CampaignSummary }) {
  const now = useNow()
  const { id, kind, token, meanPay } = campaign
  const secondsPerRecord = paceOf(campaign)
  const left = Math.max(0, campaign.items - campaign.itemsReady - campaign.itemsSettled)
  const secondsLeft = campaign.deadline - now / 1000
  return (
    <article className={`card ${styles.offer}`}>
      <div>
        <div className={styles.offerTitle}>
          <Link to="/campaigns/$campaignId" params={{ campaignId: id }}>
            {campaign.title}
          </Link>
          <Chip>{t.modality[campaign.modality]}</Chip>
          {campaign.isDemo && <Chip tone="good">{t.status.demo}</Chip>}
        </div>
        <div className={styles.meta}>
          {kind === 'annotate' && <span>{t.work.left(left)}</span>}
          <span>
            {secondsPerRecord === null ? t.work.noPace : t.work.pace(formatDuration(secondsPerRecord))}
          </span>
          {meanPay !== null && <span>{t.work.settledMean(formatAmount(meanPay, token))}</span>}
          <span>{campaign.languages.map(languageName).join(', ')}</span>
          <span>{secondsLeft > 0 ? t.time.left(formatDuration(secondsLeft)) : t.time.ended}</span>
        </div>
      </div>
      <div className={styles.offerEnd}>
        <span className={styles.offerPay}>
          <Pay
            low={campaign.floorPay}
            high={campaign.topPay}
            expected={campaign.expectedPay}
            token={token}
            secondsPerRecord={secondsPerRecord}
          />
        </span>
        <span className={styles.buttons}>
          <Button
            component={Link}
            to={`/review/${id}`}
            variant="default"
            size="sm"
            aria-label={`${t.work.review}: ${campaign.title}`}
          >
            {t.work.review}
          </Button>
          <Button
            component={Link}
            to={kind === 'collect' ? `/contribute/${id}` : `/work/${id}`}
            size="sm"
            aria-label={`${kind === 'collect' ? t.work.contribute : t.work.start}: ${campaign.title}`}
          >
            {kind === 'collect' ? t.work.contribute : t.work.start}
          </Button>
        </span>
      </div>
    </article>
  )
}
