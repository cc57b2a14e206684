import { Button } from '@mantine/core'
import type { Tagger } from '@tagger/sdk'
import { useMutation, useQuery } from '@tanstack/react-query'
import { ErrorNotice } from '../../components/states.tsx'
import { TransactionButton } from '../../components/transaction.tsx'
import { useNow } from '../../lib/clock.ts'
import { formatDuration } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { networkQuery } from '../../lib/queries.ts'
import { queryClient } from '../../lib/query-client.ts'
import { getGas } from '../../lib/wallet/gas.ts'
import { AmountForm } from './amount-form.tsx'
import { formatTag, releaseBounds } from './amounts.ts'
import styles from './network.module.css'
import { GOVERN, numberOf, parametersQuery } from './queries.ts'
import { TimeLeft } from './time-left.tsx'
import type { Standing } from './use-standing.ts'

/** What the reader can do with stake now; what makes no sense yet is not shown. */
export function StakeActions({ tagger, standing }: { tagger: Tagger; standing: Standing }) {
  const { stake, balance, credits } = standing
  const parameters = useQuery(parametersQuery()).data
  const least = numberOf(parameters, 'minValidatorStake') ?? 0n
  const cooldown = formatDuration(Number(numberOf(parameters, 'stakeCooldown') ?? 0n))
  const s = t.network.stake
  const isValidator = stake.validating > 0n
  const release = releaseBounds(stake, least)
  return (
    <div className={styles.actions}>
      <AmountForm
        tagger={tagger}
        title={s.add.title}
        text={s.add.text(cooldown)}
        available={s.inWallet(formatTag(balance))}
        bounds={{ most: balance }}
        button={s.add.button}
        done={s.add.done}
        send={(amount) => tagger.stake.add(amount)}
      />
      <AmountForm
        tagger={tagger}
        title={isValidator ? s.validate.more : s.validate.title}
        text={s.validate.text}
        available={s.available(formatTag(stake.free))}
        bounds={{ most: stake.free, before: stake.validating, least }}
        button={s.validate.button}
        done={s.validate.done}
        send={(amount) => tagger.stake.startValidating(amount)}
      />
      {isValidator && (
        <AmountForm
          tagger={tagger}
          title={s.release.title}
          text={s.release.text}
          available={s.available(formatTag(release.most))}
          bounds={release}
          button={s.release.button}
          done={s.release.done}
          send={(amount) => tagger.stake.stopValidating(amount)}
        />
      )}
      {stake.staked > 0n && (
        <AmountForm
          tagger={tagger}
          title={s.cool.title}
          text={
            <>
              {s.cool.text(cooldown)} {stake.cooling > 0n && s.cool.again}
            </>
          }
          available={s.available(formatTag(stake.free))}
          bounds={{ most: stake.free }}
          button={s.cool.button}
          done={s.cool.done}
          send={(amount) => tagger.stake.startCooling(amount)}
        />
      )}
      <Withdraw tagger={tagger} standing={standing} />
      <Collect tagger={tagger} credits={credits} />
      <TestMoney tagger={tagger} balance={balance} />
    </div>
  )
}

function Withdraw({ tagger, standing }: { tagger: Tagger; standing: Standing }) {
  const { cooling, coolingUntil } = standing.stake
  const isDue = coolingUntil * 1000 <= useNow()
  const s = t.network.stake.withdraw
  if (cooling === 0n) return null
  return (
    <section className={styles.action} aria-label={s.title}>
      <h3>
        {s.title}: {formatTag(cooling)}
      </h3>
      <p className="dim small">{s.text}</p>
      {!isDue && (
        <span className="small">
          <TimeLeft until={coolingUntil * 1000} />
        </span>
      )}
      <TransactionButton
        tagger={tagger}
        variant="default"
        disabled={!isDue}
        refresh={[GOVERN, 'balance']}
        doneText={s.done}
        send={async () => (await tagger.stake.withdraw()).transactionHash}
      >
        {s.button}
      </TransactionButton>
    </section>
  )
}

function Collect({ tagger, credits }: { tagger: Tagger; credits: Standing['credits'] }) {
  const due = credits.stake + credits.disputes
  const s = t.network.stake.collect
  if (due === 0n) return null
  return (
    <section className={styles.action} aria-label={s.title}>
      <h3>
        {s.title}: {formatTag(due)}
      </h3>
      <p className="dim small">{s.text}</p>
      <TransactionButton
        tagger={tagger}
        refresh={[GOVERN, 'balance']}
        doneText={s.done}
        send={async () => {
          const receipts = [
            ...(credits.disputes > 0n ? [await tagger.disputes.collect()] : []),
            ...(credits.stake > 0n ? [await tagger.stake.collect()] : []),
          ]
          return receipts.at(-1)?.transactionHash ?? null
        }}
      >
        {s.button}
      </TransactionButton>
    </section>
  )
}

/** Nobody has TAG on a local network before the faucet gives some. */
function TestMoney({ tagger, balance }: { tagger: Tagger; balance: bigint }) {
  const network = useQuery(networkQuery()).data
  const faucet = useMutation({
    mutationFn: () => getGas(tagger),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: [GOVERN] }),
  })
  if (network?.isLocal !== true || balance > 0n) return null
  return (
    <section className={styles.action} aria-label={t.wallet.faucet.button}>
      <h3>{t.wallet.faucet.button}</h3>
      <p className="dim small">{t.wallet.faucet.hint}</p>
      <div>
        <Button loading={faucet.isPending} onClick={() => faucet.mutate()}>
          {t.wallet.faucet.button}
        </Button>
      </div>
      <ErrorNotice error={faucet.error} />
    </section>
  )
}
