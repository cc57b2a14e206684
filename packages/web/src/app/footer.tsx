import { Switch } from '@mantine/core'
import { useMutation, useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { api } from '../lib/api.ts'
import { t } from '../lib/messages.ts'
import { healthQuery, networkQuery } from '../lib/queries.ts'
import { queryClient } from '../lib/query-client.ts'
import styles from './shell.module.css'

/** Which network this is, how it is, and what only a local one has. */
export function Footer() {
  const network = useQuery(networkQuery()).data
  return (
    <footer className={styles.footer}>
      <div className={styles.footerBar}>
        <NetworkBadge />
        {network?.demoCrowd && <DemoCrowd crowd={network.demoCrowd} />}
        <span className={styles.push} />
        <Link to="/network">{t.nav.network}</Link>
        <Link to="/trust">{t.nav.trust}</Link>
        <Link to="/transactions">{t.nav.transaction}</Link>
        <Link to="/developers">{t.nav.developers}</Link>
        {network && <span className="number">{t.footer.version(network.version)}</span>}
      </div>
    </footer>
  )
}

function NetworkBadge() {
  const network = useQuery(networkQuery())
  const health = useQuery(healthQuery())
  const isDown = network.isError || health.isError || health.data?.chain.reachable === false
  const lag = health.data ? health.data.chain.block - health.data.chain.indexedBlock : 0
  const name = network.data === undefined ? '…' : network.data.isLocal ? t.footer.local : network.data.name
  const state = isDown ? t.footer.unreachable : lag > 5 ? t.footer.behind : t.footer.well
  return (
    <span className={styles.badge} title={network.data?.isLocal ? `${state}. ${t.footer.localHint}` : state}>
      <span className={`${styles.dot} ${isDown ? styles.dotBad : health.data ? styles.dotGood : ''}`} />
      {name}
    </span>
  )
}

function DemoCrowd({ crowd }: { crowd: { isRunning: boolean; bots: number } }) {
  const change = useMutation({
    mutationFn: (isRunning: boolean) => api.setDemoCrowd({ body: { isRunning } }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ['network'] }),
  })
  const isRunning = change.isPending ? change.variables : crowd.isRunning
  return (
    <Switch
      size="xs"
      checked={isRunning}
      onChange={(event) => change.mutate(event.currentTarget.checked)}
      label={`${t.footer.crowd}: ${isRunning ? t.footer.crowdHint(crowd.bots) : t.footer.crowdOff}`}
    />
  )
}
