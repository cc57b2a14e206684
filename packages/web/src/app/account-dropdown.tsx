import { Menu } from '@mantine/core'
import {
  IconChevronDown,
  IconCopy,
  IconFlask,
  IconGavel,
  IconLicense,
  IconLogout,
  IconWallet,
} from '@tabler/icons-react'
import { Link } from '@tanstack/react-router'
import { shorten } from '../lib/format.ts'
import { t } from '../lib/messages.ts'
import { type Session, useSession } from '../lib/session.ts'
import { openWallet } from '../lib/wallet/open-wallet.ts'
import styles from './shell.module.css'

/** Whose wallet is connected, and what is theirs. */
export function AccountDropdown() {
  const session: Session = useSession()
  if (session.account === null) return null
  const { account } = session
  return (
    <Menu position="bottom-end" width={230} shadow="md">
      <Menu.Target>
        <button
          type="button"
          className={styles.account}
          aria-label={`${t.wallet.account} ${shorten(account)}`}
        >
          <span className={`${styles.dot} ${styles.dotGood}`} />
          <span className="mono">{shorten(account)}</span>
          <IconChevronDown size={14} aria-hidden />
        </button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>{session.kind === 'local' ? t.wallet.local : session.walletName}</Menu.Label>
        <Menu.Item component={Link} to="/earnings" leftSection={<IconWallet size={16} />}>
          {t.wallet.earnings}
        </Menu.Item>
        <Menu.Item component={Link} to="/studio" leftSection={<IconFlask size={16} />}>
          {t.wallet.campaigns}
        </Menu.Item>
        <Menu.Item component={Link} to="/licenses" leftSection={<IconLicense size={16} />}>
          {t.wallet.licenses}
        </Menu.Item>
        <Menu.Item component={Link} to="/network" leftSection={<IconGavel size={16} />}>
          {t.wallet.stake}
        </Menu.Item>
        <Menu.Item
          leftSection={<IconCopy size={16} />}
          onClick={() => void navigator.clipboard.writeText(account)}
        >
          {t.wallet.copyAddress}
        </Menu.Item>
        <Menu.Divider />
        <Menu.Item
          leftSection={<IconLogout size={16} />}
          onClick={() => void openWallet().then((wallet) => wallet.disconnectWallet())}
        >
          {t.wallet.disconnect}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  )
}
