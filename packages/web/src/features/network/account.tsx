import { Chip, Hash } from '../../components/parts.tsx'
import { t } from '../../lib/messages.ts'
import { useSession } from '../../lib/session.ts'

/** An account, marked when it is the reader's own. */
export function Account({ value }: { value: string }) {
  const { account } = useSession()
  return (
    <>
      <Hash value={value} />
      {value === account && (
        <>
          {' '}
          <Chip tone="good">{t.network.you}</Chip>
        </>
      )}
    </>
  )
}
