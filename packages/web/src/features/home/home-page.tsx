import { Button } from '@mantine/core'
import {
  IconArrowRight,
  IconBuildingStore,
  IconChecks,
  IconCoins,
  IconInbox,
  IconPencilCheck,
} from '@tabler/icons-react'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Page } from '../../components/page.tsx'
import { t } from '../../lib/messages.ts'
import { networkQuery } from '../../lib/queries.ts'
import styles from './home.module.css'
import { LivePanel } from './live-panel.tsx'
import { TryButton } from './try-button.tsx'

const LAYERS = [
  { name: 'collect', icon: IconInbox },
  { name: 'annotate', icon: IconPencilCheck },
  { name: 'validate', icon: IconChecks },
  { name: 'settle', icon: IconCoins },
  { name: 'trade', icon: IconBuildingStore },
] as const

const ROLES = [
  { name: 'work', to: '/work' },
  { name: 'request', to: '/studio/new' },
  { name: 'contribute', to: '/work' },
  { name: 'buy', to: '/market' },
  { name: 'verify', to: '/verify' },
] as const

/** What is happening, and one clear action per role. */
export function HomePage() {
  const network = useQuery(networkQuery()).data
  return (
    <Page>
      <div className={styles.hero}>
        <div className={styles.heroText}>
          <h1>{t.home.title}</h1>
          <p>{t.home.lead}</p>
          <div className={styles.actions}>
            {network?.isLocal !== false && <TryButton />}
            <Button
              component={Link}
              to="/work"
              size="md"
              variant={network?.isLocal === false ? 'filled' : 'default'}
            >
              {t.home.work}
            </Button>
          </div>
          {network?.isLocal && <p className={styles.hint}>{t.home.tryHint}</p>}
        </div>
        <LivePanel />
      </div>
      <ol className={styles.flow} aria-label={t.home.how}>
        {LAYERS.map(({ name, icon: Icon }) => (
          <li key={name} className={styles.layer}>
            <Icon size={22} stroke={1.5} aria-hidden />
            <h3>{t.layers[name]}</h3>
            <p>{t.home.layerText[name]}</p>
          </li>
        ))}
      </ol>
      <section className={styles.section}>
        <h2>{t.home.roles}</h2>
        <div className={styles.roles}>
          {ROLES.map(({ name, to }) => (
            <Link
              key={name}
              to={to}
              search={name === 'contribute' ? ({ kind: 'collect' } as never) : undefined}
              className={`card ${styles.role}`}
            >
              <h3>{t.home.role[name].title}</h3>
              <p>{t.home.role[name].text}</p>
              <span>
                {t.home.role[name].action} <IconArrowRight size={14} aria-hidden />
              </span>
            </Link>
          ))}
        </div>
      </section>
    </Page>
  )
}
