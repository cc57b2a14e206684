import { Button } from '@mantine/core'
import { lazy, Suspense, useState } from 'react'
import { t } from '../lib/messages.ts'
import { useSession } from '../lib/session.ts'

// Whoever only looks around needs neither.
const AccountDropdown = lazy(async () => ({
  default: (await import('./account-dropdown.tsx')).AccountDropdown,
}))
const WalletDialog = lazy(async () => ({
  default: (await import('../components/wallet-dialog.tsx')).WalletDialog,
}))

/** Connects a wallet, or shows whose is connected. */
export function AccountMenu() {
  const session = useSession()
  const [isOpen, setOpen] = useState(false)
  if (session.account !== null) {
    return (
      <Suspense>
        <AccountDropdown />
      </Suspense>
    )
  }
  return (
    <>
      <Button size="xs" h={34} loading={session.status === 'connecting'} onClick={() => setOpen(true)}>
        {t.wallet.connect}
      </Button>
      <Suspense>{isOpen && <WalletDialog isOpen onClose={() => setOpen(false)} />}</Suspense>
    </>
  )
}
