import { Button, TextInput } from '@mantine/core'
import type { Endpoints, ResponseOf } from '@tagger/protocol/wire'
import { useQuery } from '@tanstack/react-query'
import { useNavigate, useParams } from '@tanstack/react-router'
import { type FormEvent, useState } from 'react'
import { Page, Panel } from '../../components/page.tsx'
import { Ago, Chip, Facts, Hash } from '../../components/parts.tsx'
import { Loaded, Waiting } from '../../components/states.tsx'
import { api } from '../../lib/api.ts'
import { formatCount, formatTime, shorten, type Token } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { fieldsOf, meaningOf, sentence, type Value } from './meaning.ts'
import styles from './transaction.module.css'
import { useToken } from './use-token.ts'

type Transaction = ResponseOf<Endpoints['getTransaction']>

const TONES = { pending: 'warn', success: 'good', reverted: 'bad' } as const
const words = t.trust.transaction

/** Asks for the hash of a transaction. */
export function LookupPage() {
  const navigate = useNavigate()
  const [hash, setHash] = useState('')
  const isGood = /^0x[0-9a-fA-F]{64}$/.test(hash.trim())
  const show = (event: FormEvent) => {
    event.preventDefault()
    if (isGood) void navigate({ to: '/transactions/$hash', params: { hash: hash.trim().toLowerCase() } })
  }
  return (
    <Page title={words.lookup} lead={words.lookupLead} isNarrow>
      <form onSubmit={show} className={styles.form}>
        <TextInput
          label={words.hash}
          placeholder="0x…"
          error={hash.trim() !== '' && !isGood ? words.bad : undefined}
          value={hash}
          onChange={(event) => setHash(event.currentTarget.value)}
        />
        <div>
          <Button type="submit" disabled={!isGood}>
            {words.show}
          </Button>
        </div>
      </form>
    </Page>
  )
}

/** Any transaction of this chain, in words. */
export function TransactionPage() {
  const { hash } = useParams({ strict: false }) as { hash: string }
  const transaction = useQuery({
    queryKey: ['transaction', hash],
    queryFn: () => api.getTransaction({ params: { hash } }),
    refetchInterval: ({ state }) => (state.data?.status === 'pending' ? 1500 : false),
  })
  return (
    <Page title={words.title} lead={<span className="mono">{shorten(hash, 14, 10)}</span>} isNarrow>
      <Loaded query={transaction} waiting={<Waiting lines={6} />}>
        {(data) => <Content transaction={data} />}
      </Loaded>
    </Page>
  )
}

function Content({ transaction }: { transaction: Transaction }) {
  const { call, events, status, time } = transaction
  const f = words.facts
  return (
    <div className={styles.stack}>
      <Panel
        title={call === null ? words.unknown : `${transaction.contract ?? ''} · ${sentence(call.name)}`}
        aside={<Chip tone={TONES[status]}>{words.status[status]}</Chip>}
      >
        <Facts
          entries={[
            [f.hash, <Hash key="hash" value={transaction.hash} />],
            ...(time === null
              ? []
              : ([
                  [
                    f.time,
                    <span key="time">
                      {formatTime(Date.parse(time))} (<Ago time={time} />)
                    </span>,
                  ],
                ] as const)),
            [f.block, transaction.block === null ? '–' : formatCount(transaction.block)],
            [f.from, <Hash key="from" value={transaction.from} />],
            [f.to, transaction.to === null ? '–' : <Hash key="to" value={transaction.to} />],
            [f.gas, transaction.gasUsed === null ? '–' : formatCount(Number(transaction.gasUsed))],
          ]}
        />
      </Panel>
      {call !== null && call.arguments.length > 0 && (
        <Panel title={words.what}>
          <Told values={call.arguments} contract={transaction.to} transaction={transaction} />
        </Panel>
      )}
      <Panel title={words.happened} isFlush={events.length > 0}>
        {events.length === 0 && <p className="dim small">{words.nothing}</p>}
        {events.map((event, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: events of a mined transaction never change places.
          <div key={index} className={styles.event}>
            <strong>
              {sentence(event.name)} <span className="dim small">{event.contract}</span>
            </strong>
            <Told values={event.arguments} contract={event.address} transaction={transaction} />
          </div>
        ))}
      </Panel>
    </div>
  )
}

/** What a call was given or an event tells. */
function Told(props: { values: readonly Value[]; contract: string | null; transaction: Transaction }) {
  const { values, contract, transaction } = props
  return <Values values={values} token={useToken(values, contract, transaction)} />
}

function Values({ values, token }: { values: readonly Value[]; token: Token | null }) {
  return (
    <Facts
      entries={values.map(
        (value) => [sentence(value.name), <Shown key={value.name} value={value} token={token} />] as const,
      )}
    />
  )
}

/** One value: hashes shortened, money and times in words, structs unfolded into their fields. */
function Shown({ value: told, token }: { value: Value; token: Token | null }) {
  const { type, value } = told
  if (/^0x(?:[0-9a-fA-F]{40}|[0-9a-fA-F]{64})$/.test(value)) return <Hash value={value} />
  const fields = fieldsOf(value)
  if (fields !== null) {
    return (
      <details>
        <summary className="dim">{t.action.details}</summary>
        <div className={styles.struct}>
          <Values values={fields} token={token} />
        </div>
      </details>
    )
  }
  const meaning = meaningOf(told, token)
  if (meaning !== null) {
    return (
      <span className="number" title={value}>
        {meaning}
      </span>
    )
  }
  return <span className={/int|bool|string/.test(type) ? 'number' : `mono ${styles.long}`}>{value}</span>
}
