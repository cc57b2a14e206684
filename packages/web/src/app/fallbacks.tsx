import { Button } from '@mantine/core'
import { IconCompass, IconMoodSad } from '@tabler/icons-react'
import { type ErrorComponentProps, Link } from '@tanstack/react-router'
import { Page } from '../components/page.tsx'
import { Empty, Waiting } from '../components/states.tsx'
import { describeError } from '../lib/errors.ts'
import { t } from '../lib/messages.ts'

/** An address that names nothing. */
export function NotFound() {
  return (
    <Page>
      <Empty
        icon={<IconCompass size={28} stroke={1.5} aria-hidden />}
        title={t.state.notFoundTitle}
        text={t.state.notFound}
        action={
          <Button component={Link} to="/" variant="default">
            {t.state.goHome}
          </Button>
        }
      />
    </Page>
  )
}

/** A page that broke: what was answered is safe, so reloading is the way on. */
export function Crashed({ error }: ErrorComponentProps) {
  return (
    <Page>
      <Empty
        icon={<IconMoodSad size={28} stroke={1.5} aria-hidden />}
        title={t.state.crashed}
        text={`${describeError(error).message}. ${t.state.crashedHint}`}
        action={
          <Button variant="default" onClick={() => location.reload()}>
            {t.action.retry}
          </Button>
        }
      />
    </Page>
  )
}

/** A page on its way. */
export function Pending() {
  return (
    <Page>
      <Waiting lines={6} />
    </Page>
  )
}
