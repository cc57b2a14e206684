import { IconBriefcase, IconBuildingStore, IconCoins, IconFlask, IconShieldCheck } from '@tabler/icons-react'
import { Link, Outlet, useRouterState } from '@tanstack/react-router'
import { Suspense } from 'react'
import { Brand } from '../components/brand.tsx'
import { t } from '../lib/messages.ts'
import { AccountMenu } from './account-menu.tsx'
import { Pending } from './fallbacks.tsx'
import { Footer } from './footer.tsx'
import { SchemeSwitch } from './scheme-switch.tsx'
import styles from './shell.module.css'

const LINKS = [
  { to: '/work', name: t.nav.work, icon: IconBriefcase },
  { to: '/studio', name: t.nav.studio, icon: IconFlask },
  { to: '/market', name: t.nav.market, icon: IconBuildingStore },
  { to: '/verify', name: t.nav.verify, icon: IconShieldCheck },
  { to: '/earnings', name: t.nav.earnings, icon: IconCoins },
] as const

/** What stands around every page. */
export function Shell() {
  const path = useRouterState({ select: (state) => state.location.pathname })
  // On a phone the work screen has the whole screen: thumbs need the room.
  const isWorking = /^\/(work|review)\/./.test(path)
  return (
    <div className={`${styles.shell} ${isWorking ? styles.isWorking : ''}`}>
      <header className={styles.header}>
        <a className={styles.skip} href="#content">
          {t.skipToContent}
        </a>
        <div className={styles.bar}>
          <Link to="/" className={styles.brand} aria-label={`${t.name}: ${t.nav.home}`}>
            <Brand />
            {t.name}
          </Link>
          <nav className={styles.nav} aria-label={t.nav.main}>
            {LINKS.map(({ to, name }) => (
              <Link key={to} to={to}>
                {name}
              </Link>
            ))}
          </nav>
          <div className={styles.tools}>
            <SchemeSwitch />
            <AccountMenu />
          </div>
        </div>
      </header>
      <main id="content" className={styles.main}>
        <Suspense fallback={<Pending />}>
          <Outlet />
        </Suspense>
      </main>
      <Footer />
      <nav className={styles.tabs} aria-label={t.nav.main}>
        {LINKS.map(({ to, name, icon: Icon }) => (
          <Link key={to} to={to}>
            <Icon size={20} stroke={1.6} aria-hidden />
            {name}
          </Link>
        ))}
      </nav>
    </div>
  )
}
