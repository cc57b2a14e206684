import { Button } from '@mantine/core'
import { type Tagger, unansweredOf } from '@tagger/sdk'
import { useMutation, useQuery } from '@tanstack/react-query'
import { ErrorNotice, Notice } from '../../components/states.tsx'
import { TransactionButton } from '../../components/transaction.tsx'
import { formatTime } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import type { Campaign } from '../../lib/queries.ts'
import styles from './campaign.module.css'

/** For who has a receipt: whether the pending batch holds what it says, and what to do when it does not. */
export function ContestPanel({ campaign, tagger }: { campaign: Campaign; tagger: Tagger }) {
  const { pending } = t.escrow
  const { id } = campaign
  const state = useQuery({
    queryKey: ['escrow', id, tagger.wallet?.account],
    refetchInterval: 30_000,
    queryFn: () => tagger.escrow.read(id),
  }).data
  const check = useMutation({ mutationFn: () => tagger.escrow.findHeld(id) })
  const contest = state?.steps.now.find((step) => step.act === 'contest')
  const isVoidDue = state?.steps.now.some(({ act }) => act === 'void') === true
  const batch = state?.facts.pending ?? null
  const isWaiting = batch !== null && unansweredOf(batch).some((one) => one === state?.facts.account)
  const refresh = ['escrow', 'campaign', 'stopped']
  if (isVoidDue) {
    return (
      <Notice tone="warn">
        <p>{pending.void}</p>
        <TransactionButton
          tagger={tagger}
          size="xs"
          isOnce
          refresh={refresh}
          doneText={pending.dropped}
          send={async () => (await tagger.escrow.advance(id)).transactionHash}
        >
          {pending.drop}
        </TransactionButton>
      </Notice>
    )
  }
  if (isWaiting) return <Notice>{pending.waiting}</Notice>
  if (contest?.act !== 'contest' || !state?.receipt) return null
  const until = formatTime(contest.until * 1_000)
  const answers = t.count.answers(state.receipt.count)
  return (
    <div className={styles.contest}>
      {check.data === undefined && (
        <>
          <span className="small">{pending.question}</span>
          <Button size="xs" variant="default" loading={check.isPending} onClick={() => check.mutate()}>
            {pending.check}
          </Button>
        </>
      )}
      {check.data === 'held' && <Notice tone="good">{pending.held(answers)}</Notice>}
      {(check.data === 'left-out' || check.data === 'unknown') && (
        <Notice tone={check.data === 'left-out' ? 'bad' : 'warn'}>
          <p>{check.data === 'left-out' ? pending.leftOut(until) : pending.unknown(until)}</p>
          <TransactionButton
            tagger={tagger}
            size="xs"
            isOnce
            refresh={refresh}
            doneText={pending.contested}
            send={async () => (await tagger.escrow.contest(id)).transactionHash}
          >
            {pending.contest}
          </TransactionButton>
        </Notice>
      )}
      <ErrorNotice error={check.error} />
    </div>
  )
}
