import { Button, Modal, TextInput } from '@mantine/core'
import { useMutation } from '@tanstack/react-query'
import { useState } from 'react'
import { ErrorNotice, Notice } from '../../components/states.tsx'
import { t } from '../../lib/messages.ts'
import { openWallet } from '../../lib/wallet/open-wallet.ts'
import styles from './earnings.module.css'

/** Shows the key of the wallet made in this browser, for use in another wallet. */
export function ExportDialog({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const [isCopied, setCopied] = useState(false)
  const reveal = useMutation({ mutationFn: async () => (await openWallet()).exportLocalKey(), gcTime: 0 })
  const copy = useMutation({
    mutationFn: async (key: string) => await navigator.clipboard.writeText(key),
    onSuccess: () => setCopied(true),
  })
  const close = () => {
    reveal.reset()
    setCopied(false)
    onClose()
  }
  return (
    <Modal opened={isOpen} onClose={close} title={<strong>{t.wallet.export.title}</strong>} size={460}>
      <div className={styles.stack}>
        <Notice tone="warn">{t.wallet.export.why}</Notice>
        {reveal.data === undefined ? (
          <Button loading={reveal.isPending} onClick={() => reveal.mutate()}>
            {t.wallet.export.show}
          </Button>
        ) : (
          <>
            <TextInput
              readOnly
              label={t.wallet.export.key}
              classNames={{ input: 'mono' }}
              value={reveal.data}
              onFocus={(event) => event.currentTarget.select()}
            />
            <Button variant="default" onClick={() => copy.mutate(reveal.data)}>
              {isCopied ? t.wallet.export.copied : t.wallet.export.copy}
            </Button>
            <p className="dim small">{t.wallet.export.how}</p>
          </>
        )}
        <ErrorNotice error={reveal.error ?? copy.error} />
      </div>
    </Modal>
  )
}
