import { Button, Modal, Textarea, TextInput } from '@mantine/core'
import { IconCheck, IconCircleDashed } from '@tabler/icons-react'
import type { Tagger } from '@tagger/sdk'
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import { useState } from 'react'
import { ErrorNotice, Notice } from '../../components/states.tsx'
import { formatAmount, formatBps, fromDecimal } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { type Campaign, networkQuery } from '../../lib/queries.ts'
import { queryClient } from '../../lib/query-client.ts'
import { ensureGas } from '../../lib/wallet/gas.ts'
import { refuseStaleNonce } from '../../lib/wallet/nonce.ts'
import styles from './campaign.module.css'

const STEPS = ['made', 'minted', 'offered', 'listed'] as const

/** Dataset, passport and offer in one go. */
export function PublishDialog(props: {
  campaign: Campaign
  tagger: Tagger
  isOpen: boolean
  onClose: () => void
}) {
  const { campaign, tagger, isOpen, onClose } = props
  const { token, terms } = campaign
  const navigate = useNavigate()
  const [title, setTitle] = useState(campaign.title)
  const [description, setDescription] = useState('')
  const [price, setPrice] = useState('25')
  const [reached, setReached] = useState<readonly string[]>([])
  const amount = fromDecimal(price, token.decimals)
  const least = fromDecimal(useQuery(networkQuery()).data?.leastPrice ?? '0', token.decimals) ?? 0n
  const isLow = amount !== null && amount < least
  const publish = useMutation({
    mutationFn: async () => {
      await ensureGas(tagger)
      await refuseStaleNonce(tagger)
      return await tagger.campaign(campaign.id).publish({
        title,
        description,
        price: amount ?? 0n,
        token: token.address,
        onStep: (step) => setReached((before) => [...before, step]),
      })
    },
    onSuccess: async ({ dataset }) => {
      await queryClient.invalidateQueries({ queryKey: ['datasets'] })
      await navigate({ to: '/market/$datasetId', params: { datasetId: dataset.id } })
    },
  })
  return (
    <Modal opened={isOpen} onClose={onClose} size={520} title={<strong>{t.campaign.publish.title}</strong>}>
      <div className={styles.stack}>
        <p className="dim small">{t.campaign.publish.text}</p>
        <TextInput
          label={t.campaign.publish.name}
          maxLength={200}
          value={title}
          onChange={(event) => setTitle(event.currentTarget.value)}
        />
        <Textarea
          label={t.campaign.publish.description}
          description={t.campaign.publish.descriptionHint}
          autosize
          minRows={3}
          maxLength={5000}
          value={description}
          onChange={(event) => setDescription(event.currentTarget.value)}
        />
        <TextInput
          label={t.campaign.publish.price}
          description={t.campaign.publish.shareText(formatBps(terms.contributorsBps))}
          inputMode="decimal"
          rightSection={<span className="dim small">{token.symbol}</span>}
          rightSectionWidth={64}
          error={
            isLow ? t.campaign.publish.priceLow(formatAmount(least, token)) : price !== '' && amount === null
          }
          value={price}
          onChange={(event) => setPrice(event.currentTarget.value)}
        />
        {publish.isPending ? (
          <ol className={styles.progressSteps}>
            {STEPS.map((step) => (
              <li key={step} className={reached.includes(step) ? undefined : 'dim'}>
                {reached.includes(step) ? (
                  <IconCheck size={16} color="var(--accent)" aria-hidden />
                ) : (
                  <IconCircleDashed size={16} aria-hidden />
                )}
                {t.campaign.publish.steps[step]}
              </li>
            ))}
          </ol>
        ) : (
          <Notice>{t.campaign.publish.transactions}</Notice>
        )}
        <Button
          loading={publish.isPending}
          disabled={title.trim() === '' || amount === null || isLow}
          onClick={() => {
            setReached([])
            publish.mutate()
          }}
        >
          {t.campaign.publish.send}
        </Button>
        <ErrorNotice error={publish.error} />
      </div>
    </Modal>
  )
}
