import type { Spec } from '@tagger/protocol'
import { Markdown } from '../../components/markdown.tsx'
import { Panel } from '../../components/page.tsx'
import { Facts, Hash, Pay } from '../../components/parts.tsx'
import { formatBps, formatShare, formatTime } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { paceOf } from '../../lib/pace.ts'
import type { Campaign } from '../../lib/queries.ts'
import styles from './campaign.module.css'

/** What was fixed before any work; hashes and addresses unfold. */
export function TermsPanel({ campaign }: { campaign: Campaign }) {
  const { terms, token } = campaign
  const spec = campaign.spec as unknown as Spec
  const f = t.campaign.facts
  return (
    <Panel title={t.campaign.terms}>
      <div className={styles.stack}>
        <Facts
          entries={[
            [
              f.question,
              <div key="text" className={styles.instructions}>
                <Markdown text={spec.instructions} />
              </div>,
            ],
            [
              f.pay,
              <Pay
                key="pay"
                low={terms.floorPay}
                high={campaign.topPay}
                expected={campaign.expectedPay}
                token={token}
                secondsPerRecord={paceOf(campaign)}
                isOver={campaign.status !== 'open'}
              />,
            ],
            ...(spec.kind === 'collect'
              ? []
              : ([
                  [
                    f.redundancy,
                    f.redundancyText(
                      spec.redundancy.min,
                      spec.redundancy.max,
                      formatShare(spec.redundancy.targetConfidence),
                    ),
                  ],
                  [f.gold, f.goldText(spec.gold?.count ?? 0)],
                ] as const)),
            [f.reviews, String(spec.review.reviews)],
            [f.license, spec.rights.license],
            [f.contributors, formatBps(terms.contributorsBps)],
            [f.deadline, formatTime(terms.deadline * 1000)],
            [f.fees, f.feesText(formatBps(terms.operatorFeeBps), formatBps(terms.protocolFeeBps))],
          ]}
        />
        <details className="small">
          <summary className="dim">{t.action.details}</summary>
          <div style={{ marginBlockStart: 12 }}>
            <Facts
              entries={[
                [f.requester, <Hash key="requester" value={terms.requester} />],
                [f.operator, <Hash key="operator" value={terms.operator} />],
                [f.opened, <Hash key="opened" value={campaign.openTransaction} isTransaction />],
                [f.id, <Hash key="id" value={campaign.id} />],
                [f.hash, <Hash key="hash" value={campaign.specHash} />],
              ]}
            />
          </div>
        </details>
      </div>
    </Panel>
  )
}
