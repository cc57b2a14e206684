import { Button } from '@mantine/core'
import { IconCheck, IconCircleDashed } from '@tabler/icons-react'
import { TaggerError } from '@tagger/protocol'
import { BASE_PER_FLOOR, completeSpec, type Draft, type Tagger } from '@tagger/sdk'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { Panel } from '../../components/page.tsx'
import { ErrorNotice, Loaded, Notice, Waiting } from '../../components/states.tsx'
import { now } from '../../lib/clock.ts'
import { formatAmount, formatExact, fromDecimal, type Token, toDecimal } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { networkQuery } from '../../lib/queries.ts'
import { queryClient } from '../../lib/query-client.ts'
import { useSession } from '../../lib/session.ts'
import { ensureGas } from '../../lib/wallet/gas.ts'
import { refuseStaleNonce } from '../../lib/wallet/nonce.ts'
import { CostLines } from './cost-panel.tsx'
import { StepNav } from './step-nav.tsx'
import styles from './studio.module.css'
import { specOf } from './wizard.ts'
import type { StepProps } from './wizard-page.tsx'

/** The operator's terms, then the wallet: permit and deposit in one go. */
export function FundStep({
  state,
  change,
  back,
  tagger,
  draft,
}: StepProps & { tagger: Tagger; draft: Draft; items: number }) {
  const { account } = useSession()
  const network = useQuery(networkQuery()).data
  const navigate = useNavigate()
  const [reached, setReached] = useState<'permit' | 'open' | 'listed' | null>(null)
  const accepted = useQuery({
    queryKey: [
      'acceptance',
      draft.id,
      JSON.stringify(state, (key, value) => (key === 'files' ? undefined : value)),
    ],
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
    queryFn: async () => {
      await tagger.api.updateDraft({ params: { id: draft.id }, body: { spec: completeSpec(specOf(state)) } })
      const token = (await tagger.network()).tokens[0]
      return await draft.accept({
        basePay: fromDecimal(state.basePay, token?.decimals ?? 0) ?? 0n,
        contributorsBps: state.contributorsPercent * 100,
        deadline: Math.floor(now() / 1000) + state.days * 86_400,
      })
    },
  })
  const balance = useQuery({
    queryKey: ['balance', account, accepted.data?.token.address],
    enabled: accepted.data !== undefined && account !== null,
    refetchInterval: 3_000,
    queryFn: async () =>
      await (await tagger.chain()).balanceOf(accepted.data?.terms.token ?? '0x', account ?? '0x'),
  })
  const faucet = useMutation({
    mutationFn: () => tagger.api.createFaucetDrop({ body: { account: account ?? '' } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['balance'] }),
  })
  const fund = useMutation({
    mutationFn: async () => {
      if (accepted.data === undefined) throw new Error(t.studio.cost.quoting)
      setReached('permit')
      await ensureGas(tagger)
      await refuseStaleNonce(tagger)
      return await tagger.openCampaign(accepted.data, {
        onStep: (step) => setReached(step === 'opened' ? 'open' : 'listed'),
      })
    },
    onSuccess: async ({ id }) => {
      void queryClient.invalidateQueries({ queryKey: ['drafts'] })
      await queryClient.invalidateQueries({ queryKey: ['campaigns'] })
      await navigate({ to: '/campaigns/$campaignId', params: { campaignId: id } })
    },
  })
  const low = lowPayOf(accepted.error)
  const isShort =
    accepted.data !== undefined && balance.data !== undefined && balance.data < accepted.data.cost.deposit
  return (
    <div className={styles.form}>
      <h2>{t.studio.fund.title}</h2>
      {low !== null && network?.tokens[0] !== undefined ? (
        <LowPay low={low} token={network.tokens[0]} change={change} />
      ) : (
        <Loaded query={accepted} waiting={<Waiting lines={5} />}>
          {({ cost, terms, token }) => (
            <Panel title={state.title}>
              <div className={styles.form}>
                <CostLines token={token} cost={cost} fees={terms} />
                <p className="dim small">{t.studio.cost.back}</p>
                <Notice tone="good">{t.studio.cost.exact}</Notice>
                {isShort && (
                  <Notice
                    tone="warn"
                    title={t.studio.fund.short(
                      formatAmount(balance.data ?? 0n, token),
                      formatAmount(cost.deposit, token),
                    )}
                  >
                    {network?.isLocal && (
                      <div>
                        <Button
                          mt={6}
                          size="xs"
                          variant="default"
                          loading={faucet.isPending}
                          onClick={() => faucet.mutate()}
                        >
                          {t.wallet.faucet.button}
                        </Button>
                      </div>
                    )}
                  </Notice>
                )}
                {reached !== null && <Order reached={reached} isDone={fund.isSuccess} />}
                <ErrorNotice error={fund.error ?? faucet.error} />
              </div>
            </Panel>
          )}
        </Loaded>
      )}
      <StepNav
        onBack={back}
        onNext={() => fund.mutate()}
        nextText={t.studio.fund.button}
        isOff={accepted.data === undefined || isShort}
        isBusy={fund.isPending}
      />
    </div>
  )
}

/** What the operator would accept, from its refusal of terms whose batches earn it too little. */
interface LowPay {
  /** In the token's smallest unit; the floor is a twentieth of what an answer pays. */
  basePay: bigint
  /** Of which the pay as it is would do; null when no number of them does. */
  items: number | null
}

function lowPayOf(error: unknown): LowPay | null {
  if (!(error instanceof TaggerError) || error.code !== 'terms-invalid') return null
  const { leastFloorPay, leastItems } = error.data
  if (leastFloorPay === undefined) return null
  return {
    basePay: BigInt(String(leastFloorPay)) * BASE_PER_FLOOR,
    items: typeof leastItems === 'number' ? leastItems : null,
  }
}

function LowPay({ low, token, change }: { low: LowPay; token: Token; change: StepProps['change'] }) {
  const pay = formatExact(low.basePay, token)
  return (
    <Notice tone="warn" title={t.studio.fund.low}>
      <span>{t.studio.fund.lowText(pay, low.items)}</span>
      <div>
        <Button
          mt={6}
          size="xs"
          variant="default"
          onClick={() => change({ basePay: toDecimal(low.basePay, token.decimals) })}
        >
          {t.studio.fund.lowPay(pay)}
        </Button>
      </div>
    </Notice>
  )
}

const ORDER = ['permit', 'open', 'listed'] as const

function Order({ reached, isDone }: { reached: (typeof ORDER)[number]; isDone: boolean }) {
  const at = ORDER.indexOf(reached)
  return (
    <ol className={styles.order} aria-live="polite">
      {ORDER.map((step, index) => {
        const isReached = isDone || index < at
        return (
          <li key={step} className={index > at ? 'dim' : undefined}>
            {isReached ? (
              <IconCheck size={18} color="var(--accent)" aria-hidden />
            ) : (
              <IconCircleDashed size={18} aria-hidden />
            )}
            {t.studio.fund.steps[step]}
          </li>
        )
      })}
    </ol>
  )
}
