import { Button } from '@mantine/core'
import { TaggerError } from '@tagger/protocol'
import type { Tagger } from '@tagger/sdk'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { AccountGate } from '../../components/account-gate.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { Ago, Chip, Hash } from '../../components/parts.tsx'
import { Empty, ErrorNotice, Loaded, Notice } from '../../components/states.tsx'
import { TransactionButton } from '../../components/transaction.tsx'
import { formatAmount, formatBytes, formatTime } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import type { License } from '../../lib/queries.ts'
import { saveFile } from '../../lib/save-file.ts'
import { LicenseTermsPanel } from './license-terms.tsx'
import styles from './market.module.css'

/** What a buyer holds: download, decrypt and check here. */
export function LicensesPage() {
  return (
    <Page title={t.market.licenses.title} lead={t.market.licenses.lead}>
      <AccountGate why={t.market.licenses.gate}>{(tagger) => <Licenses tagger={tagger} />}</AccountGate>
    </Page>
  )
}

function Licenses({ tagger }: { tagger: Tagger }) {
  const licenses = useQuery({
    queryKey: ['licenses'],
    queryFn: async () => (await tagger.api.listLicenses()).data,
    refetchInterval: 5_000,
  })
  return (
    <Panel isFlush>
      <Loaded query={licenses}>
        {(entries) =>
          entries.length === 0 ? (
            <Empty
              title={t.market.licenses.emptyTitle}
              text={t.market.licenses.empty}
              action={
                <Button component={Link} to="/market">
                  {t.nav.market}
                </Button>
              }
            />
          ) : (
            entries.map((license) => <LicenseRow key={license.id} license={license} tagger={tagger} />)
          )
        }
      </Loaded>
    </Panel>
  )
}

/** The delivered key is not the one the passport names: the contract can see that. */
function isWrongKey(error: unknown): boolean {
  return error instanceof TaggerError && error.data.fault === 'key'
}

const TONES = { paid: 'warn', delivered: 'good', refunded: undefined, expired: undefined } as const

function LicenseRow({ license, tagger }: { license: License; tagger: Tagger }) {
  const download = useMutation({
    mutationFn: async () => {
      const { content } = await tagger.download(BigInt(license.id))
      return { blob: new Blob([content as BlobPart]), bytes: content.length }
    },
  })
  const l = t.market.licenses
  return (
    <article className={styles.license}>
      <div className={styles.row}>
        <div>
          {license.datasetId === null ? (
            <strong>{license.title}</strong>
          ) : (
            <Link className="link" to="/market/$datasetId" params={{ datasetId: license.datasetId }}>
              {license.title}
            </Link>
          )}
          <div className="dim small">
            {formatAmount(license.price, license.token)} · <Ago time={license.purchasedAt} />
            {license.expiresAt !== null && ` · ${l.until(formatTime(Date.parse(license.expiresAt)))}`} ·{' '}
            {l.bought} <Hash value={license.purchaseTransaction} isTransaction />
          </div>
        </div>
        <Chip tone={TONES[license.status]}>{l.status[license.status]}</Chip>
      </div>
      {license.status === 'delivered' && (
        <div className={styles.stack} style={{ justifyItems: 'start' }}>
          {download.data === undefined ? (
            <Button size="xs" loading={download.isPending} onClick={() => download.mutate()}>
              {l.download}
            </Button>
          ) : (
            <Notice tone="good" title={l.checked}>
              <div>
                <Button
                  size="xs"
                  mt={6}
                  onClick={() => saveFile(download.data.blob, `${license.title}.jsonl`)}
                >
                  {l.save} ({formatBytes(download.data.bytes)})
                </Button>
              </div>
            </Notice>
          )}
          <ErrorNotice error={download.error} />
          {isWrongKey(download.error) && license.inspectUntil !== null && (
            <TransactionButton
              tagger={tagger}
              size="xs"
              isOnce
              doneText={l.disputed}
              refresh={['licenses', 'balance']}
              send={async () => (await tagger.disputeDelivery(BigInt(license.id))).transactionHash}
            >
              {l.dispute}
            </TransactionButton>
          )}
          <LicenseTermsPanel tagger={tagger} licenseId={license.id} />
        </div>
      )}
    </article>
  )
}
