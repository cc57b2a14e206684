import { Button, Select } from '@mantine/core'
import { IconFileCheck } from '@tabler/icons-react'
import type { Hex } from '@tagger/protocol'
import { useQuery } from '@tanstack/react-query'
import { useSearch } from '@tanstack/react-router'
import { useEffect, useRef, useState } from 'react'
import { DropZone } from '../../components/drop-zone.tsx'
import { Page, Panel } from '../../components/page.tsx'
import { Notice } from '../../components/states.tsx'
import { t } from '../../lib/messages.ts'
import { campaignsQuery, networkQuery } from '../../lib/queries.ts'
import { useVerify } from './use-verify.ts'
import { VerificationPanel } from './verification-panel.tsx'
import styles from './verify.module.css'

/** Recomputing a campaign in the reader's own browser. */
export function VerifyPage() {
  const search = useSearch({ strict: false }) as { campaign?: string; batch?: string }
  const network = useQuery(networkQuery()).data
  const campaigns = useQuery(campaignsQuery({ limit: 100 })).data ?? []
  const [chosen, setChosen] = useState<string | null>(search.campaign ?? null)
  const { verification, start } = useVerify(network)
  const batch = chosen === search.campaign ? ((search.batch as Hex | undefined) ?? null) : null
  const hasStarted = useRef(false)
  const options = campaigns.filter(({ itemsSettled, id }) => itemsSettled > 0 || id === chosen)

  useEffect(() => {
    // A link to a campaign is a wish to see it verified.
    if (hasStarted.current || network === undefined || search.campaign === undefined) return
    hasStarted.current = true
    void start(search.campaign as Hex, [], search.batch as Hex | undefined)
  }, [network, search.campaign, search.batch, start])
  // Leaving stops the thread; strict mode leaves and comes back once, and must start anew.
  useEffect(
    () => () => {
      hasStarted.current = false
    },
    [],
  )

  return (
    <Page title={t.verify.title} lead={t.verify.lead}>
      <div className={styles.sources}>
        <Panel title={t.verify.choose}>
          <div className={styles.stack}>
            <Select
              aria-label={t.verify.campaign}
              placeholder={options.length === 0 ? t.verify.none : t.verify.campaign}
              data={options.map(({ id, title }) => ({ value: id, label: title }))}
              value={chosen}
              onChange={setChosen}
            />
            {batch !== null && <p className="dim small">{t.verify.upTo}</p>}
            <div>
              <Button
                disabled={chosen === null}
                loading={verification.state === 'running'}
                onClick={() => void start(chosen as Hex, [], batch)}
              >
                {verification.state === 'done' ? t.verify.again : t.verify.run}
              </Button>
            </div>
          </div>
        </Panel>
        <Drop onFiles={(files) => void start(null, files, batch)} />
      </div>
      <VerificationPanel verification={verification} network={network} />
      <div style={{ marginBlockStart: 20 }}>
        <Notice title={t.verify.how}>
          <p>{t.verify.howText}</p>
          <p className="dim">{t.verify.limit}</p>
        </Notice>
      </div>
    </Page>
  )
}

function Drop({ onFiles }: { onFiles: (files: readonly File[]) => void }) {
  return (
    <DropZone onFiles={onFiles} multiple accept=".car" label={t.verify.chooseFiles}>
      {(choose) => (
        <>
          <IconFileCheck size={26} stroke={1.4} aria-hidden />
          <strong>{t.verify.drop}</strong>
          <span className="dim small">{t.verify.dropHint}</span>
          <Button variant="default" size="xs" onClick={choose}>
            {t.verify.chooseFiles}
          </Button>
        </>
      )}
    </DropZone>
  )
}
