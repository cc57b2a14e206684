import type { ReactNode } from 'react'
import styles from './page.module.css'

/** A page: one title, one lead, its actions. */
export function Page(props: {
  title?: ReactNode
  lead?: ReactNode
  actions?: ReactNode
  isNarrow?: boolean
  children: ReactNode
}) {
  const { title, lead, actions, isNarrow, children } = props
  return (
    <div className={`${styles.page} ${isNarrow ? styles.narrow : ''}`}>
      {title !== undefined && (
        <header className={styles.head}>
          <div className={styles.titles}>
            <h1>{title}</h1>
            {lead !== undefined && <p className={styles.lead}>{lead}</p>}
          </div>
          {actions !== undefined && <div className={styles.actions}>{actions}</div>}
        </header>
      )}
      {children}
    </div>
  )
}

/** A framed part of a page. */
export function Panel(props: {
  title?: ReactNode
  aside?: ReactNode
  isFlush?: boolean
  children: ReactNode
}) {
  const { title, aside, isFlush, children } = props
  return (
    <section className={styles.panel}>
      {title !== undefined && (
        <div className={styles.panelHead}>
          <h2>{title}</h2>
          {aside}
        </div>
      )}
      <div className={isFlush ? undefined : styles.panelBody}>{children}</div>
    </section>
  )
}
