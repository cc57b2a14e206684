import { Link, useSearch } from '@tanstack/react-router'
import { Page } from '../../components/page.tsx'
import { useActivity } from '../../lib/activity.ts'
import { t } from '../../lib/messages.ts'
import { DisputesPart } from './disputes-part.tsx'
import styles from './network.module.css'
import { ParametersPart } from './parameters-part.tsx'
import { type NetworkSearch, PARTS, type Part } from './parts.ts'
import { ProposalsPart } from './proposals-part.tsx'
import { StakePart } from './stake-part.tsx'
import { StakesPart } from './stakes-part.tsx'

const CONTENT = {
  stake: StakePart,
  disputes: DisputesPart,
  proposals: ProposalsPart,
  parameters: ParametersPart,
  stakes: StakesPart,
} as const satisfies Record<Part, () => unknown>

/** On a phone not all of them fit beside each other. */
function showCurrent(link: HTMLAnchorElement | null): void {
  link?.scrollIntoView({ block: 'nearest', inline: 'center' })
}

/** Who keeps operators honest, and who decides the network's numbers. */
export function NetworkPage() {
  const { part = 'stake' } = useSearch({ strict: false }) as NetworkSearch
  useActivity()
  const Content = CONTENT[part]
  return (
    <Page title={t.network.title} lead={t.network.lead}>
      <nav className={styles.parts} aria-label={t.network.parts.label}>
        {PARTS.map((name) => (
          <Link
            key={name}
            to="/network"
            search={{ part: name }}
            ref={name === part ? showCurrent : undefined}
            className={name === part ? styles.isCurrent : undefined}
            aria-current={name === part ? 'page' : undefined}
          >
            {t.network.parts[name]}
          </Link>
        ))}
      </nav>
      <div className={styles.content}>
        <Content />
      </div>
    </Page>
  )
}
