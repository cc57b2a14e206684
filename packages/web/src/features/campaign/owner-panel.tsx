import { Button, Menu, Modal, TextInput } from '@mantine/core'
import { IconDownload } from '@tabler/icons-react'
import type { Tagger } from '@tagger/sdk'
import { useMutation } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { useState } from 'react'
import { Panel } from '../../components/page.tsx'
import { ErrorNotice } from '../../components/states.tsx'
import { TransactionButton } from '../../components/transaction.tsx'
import { fromDecimal, toDecimal } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import type { Campaign } from '../../lib/queries.ts'
import { saveFile } from '../../lib/save-file.ts'
import styles from './campaign.module.css'
import { PublishDialog } from './publish-dialog.tsx'

/** What only the requester can do. */
export function OwnerPanel({ campaign, tagger }: { campaign: Campaign; tagger: Tagger }) {
  const { status, money, itemsSettled, passportId } = campaign
  const handle = tagger.campaign(campaign.id)
  const [dialog, setDialog] = useState<'topUp' | 'close' | 'publish' | null>(null)
  const done = () => setDialog(null)
  const exporting = useMutation({
    mutationFn: async (format: 'csv' | 'jsonl') => {
      const response = await handle.export(format)
      saveFile(await response.blob(), `${campaign.title}.${format}`)
    },
  })
  const canRefund = status === 'closed' && money.refunded === 0n
  return (
    <Panel title={t.campaign.owner.title}>
      <div className={styles.actions}>
        {status === 'open' && (
          <Button variant="default" onClick={() => setDialog('topUp')}>
            {t.campaign.owner.topUp}
          </Button>
        )}
        <Menu>
          <Menu.Target>
            <Button
              variant="default"
              disabled={itemsSettled === 0}
              loading={exporting.isPending}
              leftSection={<IconDownload size={16} aria-hidden />}
            >
              {t.campaign.owner.export}
            </Button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => exporting.mutate('csv')}>CSV</Menu.Item>
            <Menu.Item onClick={() => exporting.mutate('jsonl')}>JSON Lines</Menu.Item>
          </Menu.Dropdown>
        </Menu>
        {passportId === null ? (
          <Button disabled={itemsSettled === 0} onClick={() => setDialog('publish')}>
            {t.campaign.owner.publish}
          </Button>
        ) : (
          <Button component={Link} to={`/market?passport=${passportId}`} variant="default">
            {t.campaign.owner.published}
          </Button>
        )}
        {itemsSettled === 0 && <p className="dim small">{t.campaign.owner.notYet}</p>}
        {status === 'open' && (
          <Button variant="subtle" color="gray" onClick={() => setDialog('close')}>
            {t.campaign.owner.close}
          </Button>
        )}
        <TransactionButton
          tagger={tagger}
          isOffered={canRefund}
          isOnce
          variant="default"
          refresh={['campaign']}
          doneText={t.campaign.owner.refundDone}
          send={async () => (await handle.refund()).transactionHash}
        >
          {t.campaign.owner.refund}
        </TransactionButton>
        <ErrorNotice error={exporting.error} />
      </div>
      <Modal opened={dialog === 'topUp'} onClose={done} title={<strong>{t.campaign.owner.topUp}</strong>}>
        <TopUp campaign={campaign} tagger={tagger} />
      </Modal>
      <Modal
        opened={dialog === 'close'}
        onClose={done}
        title={<strong>{t.campaign.owner.closeTitle}</strong>}
      >
        <div className={styles.stack}>
          <p className="dim">{t.campaign.owner.closeText}</p>
          <TransactionButton
            tagger={tagger}
            isOnce
            refresh={['campaign']}
            doneText={t.campaign.owner.closeDone}
            send={async () => (await handle.close()).transactionHash}
          >
            {t.campaign.owner.close}
          </TransactionButton>
        </div>
      </Modal>
      <PublishDialog campaign={campaign} tagger={tagger} isOpen={dialog === 'publish'} onClose={done} />
    </Panel>
  )
}

function TopUp({ campaign, tagger }: { campaign: Campaign; tagger: Tagger }) {
  const { token } = campaign
  const [text, setText] = useState(toDecimal(campaign.topPay * 100n, token.decimals))
  const amount = fromDecimal(text, token.decimals)
  return (
    <div className={styles.stack}>
      <TextInput
        label={t.campaign.owner.topUpAmount}
        inputMode="decimal"
        rightSection={<span className="dim small">{token.symbol}</span>}
        rightSectionWidth={64}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <TransactionButton
        tagger={tagger}
        disabled={amount === null || amount === 0n}
        refresh={['campaign']}
        doneText={t.campaign.owner.topUpDone}
        send={async () => (await tagger.campaign(campaign.id).topUp(amount ?? 0n)).transactionHash}
      >
        {t.campaign.owner.topUp}
      </TransactionButton>
    </div>
  )
}
