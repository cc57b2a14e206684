import { TextInput } from '@mantine/core'
import type { LicenseTerms, Tagger } from '@tagger/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Hash } from '../../components/parts.tsx'
import { TransactionButton } from '../../components/transaction.tsx'
import { formatAmount, formatDuration } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import styles from './market.module.css'

/** Renewal and seats of a delivered license, as the contract has them. */
export function LicenseTermsPanel({ tagger, licenseId }: { tagger: Tagger; licenseId: string }) {
  const id = BigInt(licenseId)
  const terms = useQuery({
    queryKey: ['license-terms', licenseId],
    queryFn: () => tagger.licenseTerms(id),
    refetchInterval: 15_000,
  }).data
  if (terms === undefined) return null
  const { renewal } = terms
  const l = t.market.licenses
  return (
    <>
      {renewal !== null && (
        <TransactionButton
          tagger={tagger}
          size="xs"
          variant="default"
          refresh={['licenses', 'license-terms', 'balance']}
          doneText={l.renewed}
          send={async () => (await tagger.renewLicense(id)).transactionHash}
        >
          {l.renew(formatDuration(renewal.seconds), formatAmount(renewal.price, renewal.token))}
        </TransactionButton>
      )}
      {terms.seats > 0 && <Seats tagger={tagger} id={id} terms={terms} />}
    </>
  )
}

function Seats({ tagger, id, terms }: { tagger: Tagger; id: bigint; terms: LicenseTerms }) {
  const [account, setAccount] = useState('')
  const l = t.market.licenses.seats
  const isAccount = /^0x[0-9a-fA-F]{40}$/.test(account.trim())
  return (
    <section className={styles.seats}>
      <strong className="small">{l.title(terms.taken.length, terms.seats)}</strong>
      <p className="dim small">{l.hint}</p>
      {terms.taken.map((one) => (
        <div key={one} className={styles.row}>
          <Hash value={one} />
          <TransactionButton
            tagger={tagger}
            size="compact-xs"
            variant="subtle"
            refresh={['license-terms']}
            send={async () => (await tagger.freeSeat(id, one)).transactionHash}
          >
            {l.free}
          </TransactionButton>
        </div>
      ))}
      {terms.taken.length < terms.seats && (
        <div className={styles.seat}>
          <TextInput
            size="xs"
            label={l.account}
            placeholder="0x…"
            classNames={{ input: 'mono' }}
            value={account}
            onChange={(event) => setAccount(event.currentTarget.value)}
          />
          <TransactionButton
            tagger={tagger}
            size="xs"
            variant="default"
            disabled={!isAccount}
            refresh={['license-terms']}
            onDone={() => setAccount('')}
            send={async () => (await tagger.takeSeat(id, account.trim())).transactionHash}
          >
            {l.take}
          </TransactionButton>
        </div>
      )}
    </section>
  )
}
