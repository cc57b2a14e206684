import { Modal, Textarea } from '@mantine/core'
import type { Tagger } from '@tagger/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { AccountGate } from '../../components/account-gate.tsx'
import { Facts } from '../../components/parts.tsx'
import { Notice, Waiting } from '../../components/states.tsx'
import { TransactionButton } from '../../components/transaction.tsx'
import { useNow } from '../../lib/clock.ts'
import { t } from '../../lib/messages.ts'
import { useSession } from '../../lib/session.ts'
import { formatTag } from './amounts.ts'
import { BatchName } from './batch-name.tsx'
import styles from './network.module.css'
import { GOVERN, numberOf, type PendingBatch, parametersQuery } from './queries.ts'
import { TimeLeft } from './time-left.tsx'
import { useStanding } from './use-standing.ts'

/** Longer ones cost more gas than they explain. */
const MOST_REASON = 500

/** Challenging a batch: what it costs, and how it may end, before anything is signed. */
export function ChallengeDialog({ batch, onClose }: { batch: PendingBatch | null; onClose: () => void }) {
  const c = t.network.challenge
  return (
    <Modal
      opened={batch !== null}
      onClose={onClose}
      size={560}
      title={<strong>{batch === null ? '' : c.title(t.network.batches.batch(batch.index + 1))}</strong>}
    >
      {batch !== null && (
        <div className={styles.stack}>
          <BatchName batch={batch} />
          <p className="dim small">{c.lead}</p>
          <AccountGate why={c.gate}>{(tagger) => <Form tagger={tagger} batch={batch} />}</AccountGate>
        </div>
      )}
    </Modal>
  )
}

function Form({ tagger, batch }: { tagger: Tagger; batch: PendingBatch }) {
  const { account } = useSession()
  const now = useNow()
  const bond = numberOf(useQuery(parametersQuery()).data, 'disputeBond')
  const standing = useStanding(tagger).data
  const [reason, setReason] = useState('')
  const [isDone, setDone] = useState(false)
  const c = t.network.challenge
  if (account === batch.operator) return <Notice tone="warn">{c.operator}</Notice>
  if (bond === null || standing === undefined) return <Waiting lines={3} />
  const isPoor = standing.balance < bond
  const isOver = !isDone && batch.finalAt !== null && Date.parse(batch.finalAt) <= now
  const { outcomes } = c
  return (
    <>
      <Textarea
        label={c.reason}
        description={c.reasonHint}
        autosize
        minRows={2}
        maxLength={MOST_REASON}
        dir="auto"
        value={reason}
        onChange={(event) => setReason(event.currentTarget.value)}
      />
      <Facts
        entries={[
          [c.bond, formatTag(bond)],
          [c.balance, formatTag(standing.balance)],
        ]}
      />
      <ul className={styles.outcomes}>
        {[
          account === batch.requester ? outcomes.voidRequester : outcomes.void,
          outcomes.upheld,
          outcomes.undecided,
        ].map(([when, what]) => (
          <li key={when}>
            <strong>{when}</strong>
            <span>{what}</span>
          </li>
        ))}
      </ul>
      {isPoor && !isDone && <Notice tone="warn">{c.poor}</Notice>}
      {isOver && <Notice tone="warn">{c.over}</Notice>}
      <TransactionButton
        tagger={tagger}
        isOnce
        disabled={reason.trim() === '' || isPoor || isOver}
        refresh={[GOVERN, 'balance']}
        doneText={c.done}
        onDone={() => setDone(true)}
        send={async () => (await tagger.disputes.challenge(batch.campaignId, reason.trim())).transaction}
      >
        {c.send(formatTag(bond))}
      </TransactionButton>
      {!isDone && batch.finalAt !== null && !isOver && (
        <span className="dim small">
          <TimeLeft until={Date.parse(batch.finalAt)} />
        </span>
      )}
    </>
  )
}
