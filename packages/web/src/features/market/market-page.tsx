import { SegmentedControl, Switch, TextInput } from '@mantine/core'
import { useDebouncedValue } from '@mantine/hooks'
import { IconSearch } from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Page } from '../../components/page.tsx'
import { Chip } from '../../components/parts.tsx'
import { Empty, Loaded, Waiting } from '../../components/states.tsx'
import { useActivity } from '../../lib/activity.ts'
import { formatAmount, formatShare } from '../../lib/format.ts'
import { languageName } from '../../lib/languages.ts'
import { t } from '../../lib/messages.ts'
import { type DatasetSummary, datasetsQuery } from '../../lib/queries.ts'
import styles from './market.module.css'

/** Datasets to look at, check and license. */
export function MarketPage() {
  const [text, setText] = useState('')
  const [search] = useDebouncedValue(text.trim(), 250)
  const [modality, setModality] = useState<'any' | 'text' | 'image'>('any')
  const [isProven, setProven] = useState(false)
  const datasets = useQuery(
    datasetsQuery({
      search: search === '' ? undefined : search,
      modality: modality === 'any' ? undefined : modality,
      limit: 60,
    }),
  )
  useActivity()
  return (
    <Page title={t.market.title} lead={t.market.lead}>
      <div className={styles.filters}>
        <TextInput
          aria-label={t.market.search}
          placeholder={t.market.search}
          leftSection={<IconSearch size={16} aria-hidden />}
          className={styles.search}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
        <SegmentedControl
          aria-label={t.market.modality}
          value={modality}
          onChange={(value) => setModality(value as 'any' | 'text' | 'image')}
          data={[
            { value: 'any', label: t.market.any },
            { value: 'text', label: t.modality.text },
            { value: 'image', label: t.modality.image },
          ]}
        />
        <Switch
          size="sm"
          label={t.market.onlyProven}
          checked={isProven}
          onChange={(event) => setProven(event.currentTarget.checked)}
        />
      </div>
      <Loaded query={datasets} waiting={<Waiting lines={3} height={130} />}>
        {(entries) => {
          const shown = entries.filter((dataset) => !isProven || dataset.isProven)
          if (shown.length === 0) return <Empty title={t.market.emptyTitle} text={t.market.empty} />
          return (
            <div className={styles.cards}>
              {shown.map((dataset) => (
                <Card key={dataset.id} dataset={dataset} />
              ))}
            </div>
          )
        }}
      </Loaded>
    </Page>
  )
}

function Card({ dataset }: { dataset: DatasetSummary }) {
  const { offer } = dataset
  return (
    <Link to="/market/$datasetId" params={{ datasetId: dataset.id }} className={`card ${styles.card}`}>
      <div className={styles.stack} style={{ gap: 8 }}>
        <h3>{dataset.title}</h3>
        <div className={styles.chips}>
          <Chip tone={dataset.isProven ? 'good' : 'warn'}>
            {dataset.isProven ? t.market.proven : t.market.unproven}
          </Chip>
          <Chip>{t.modality[dataset.modality]}</Chip>
          {dataset.languages.slice(0, 2).map((code) => (
            <Chip key={code}>{languageName(code)}</Chip>
          ))}
        </div>
      </div>
      <p className={styles.clamp}>{dataset.description}</p>
      <div className={styles.foot}>
        <span className="dim number">
          {t.count.items(dataset.items)} · {t.market.sure(formatShare(dataset.meanConfidence))}
        </span>
        <span className={styles.price}>
          {offer === null ? t.market.notForSale : formatAmount(offer.price, offer.token)}
        </span>
      </div>
    </Link>
  )
}
