import { Button } from '@mantine/core'
import { API_PREFIX, endpoints } from '@tagger/protocol/wire'
import { Page, Panel } from '../../components/page.tsx'
import { t } from '../../lib/messages.ts'
import styles from './developers.module.css'

const SDK = `import { createTagger } from '@tagger/sdk'
import { privateKeyToAccount } from 'viem/accounts'

const tagger = createTagger({ url: '${location.origin}', wallet: privateKeyToAccount(key) })
const campaign = await tagger.createCampaign({
  spec: { title: 'Mood of posts', question: 'How does it sound?', labels: ['good', 'bad'] },
  items: ['To the moon!', 'I want my money back.'],
  basePay: 20_000n,
})
for await (const result of campaign.results({ follow: true })) {
  console.log(result.data.text, result.label)
}`
const EVENTS = `curl -N ${location.origin}${API_PREFIX}${endpoints.streamActivity.path}`
const VERIFY = `npm run tagger -- verify ${location.origin}${API_PREFIX}/campaigns/<id>`

/** The way in for programs. */
export function DevelopersPage() {
  const d = t.trust.developers
  return (
    <Page title={d.title} lead={d.lead} isNarrow>
      <div className={styles.stack}>
        <Panel title={d.api}>
          <div className={styles.stack}>
            <p className="dim">{d.apiText}</p>
            <div className={styles.row}>
              <Button component="a" href="/api">
                {d.browse}
              </Button>
              <Button component="a" href={`${API_PREFIX}/openapi.json`} variant="default">
                {d.openapi}
              </Button>
            </div>
          </div>
        </Panel>
        <Example title={d.sdk} text={d.sdkText} code={SDK} />
        <Example title={d.events} text={d.eventsText} code={EVENTS} />
        <Example title={d.verify} text={d.verifyText} code={VERIFY} />
      </div>
    </Page>
  )
}

function Example({ title, text, code }: { title: string; text: string; code: string }) {
  return (
    <Panel title={title}>
      <div className={styles.stack}>
        <p className="dim">{text}</p>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard. */}
        <pre className={styles.code} tabIndex={0}>
          <code>{code}</code>
        </pre>
      </div>
    </Panel>
  )
}
