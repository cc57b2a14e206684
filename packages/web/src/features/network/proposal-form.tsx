import { Select, Textarea, TextInput } from '@mantine/core'
import type { Tagger } from '@tagger/sdk'
import { useQuery } from '@tanstack/react-query'
import { useState } from 'react'
import { Notice } from '../../components/states.tsx'
import { TransactionButton } from '../../components/transaction.tsx'
import { formatDuration } from '../../lib/format.ts'
import { t } from '../../lib/messages.ts'
import { formatTag } from './amounts.ts'
import styles from './network.module.css'
import { formatValue, nameOf, readValue, toText, type ValueFault } from './parameter-values.ts'
import { GOVERN, numberOf, type Parameter } from './queries.ts'
import { useStanding } from './use-standing.ts'

/** A node lists no more of a description. */
const MOST_WORDS = 2_000

/** Proposes to change one number; its bounds are checked before anybody signs. */
export function ProposalForm(props: { tagger: Tagger; parameters: readonly Parameter[]; chosen: string }) {
  const { tagger, parameters, chosen } = props
  const first = parameters.find(({ name }) => name === chosen) ?? null
  const [parameter, setParameter] = useState(first)
  const [text, setText] = useState(first === null ? '' : toText(first.value, first.unit))
  const [why, setWhy] = useState('')
  const p = t.network.propose
  const choose = (name: string | null) => {
    const next = parameters.find((each) => each.name === name) ?? null
    setParameter(next)
    setText(next === null ? '' : toText(next.value, next.unit))
  }
  const read = parameter === null ? null : readValue(text, parameter)
  const words =
    parameter === null || read === null ? '' : formatValue(valueText(read.value, parameter), parameter.unit)
  return (
    <div className={styles.form}>
      <Select
        label={p.parameter}
        searchable
        allowDeselect={false}
        data={parameters.map(({ name }) => ({ value: name, label: nameOf(name) }))}
        value={parameter?.name ?? null}
        onChange={choose}
      />
      {parameter !== null && (
        <TextInput
          label={p.value}
          description={
            <>
              {p.now(formatValue(parameter.value, parameter.unit))} {boundsText(parameter)}
            </>
          }
          inputMode={parameter.unit === 'account' ? 'text' : 'decimal'}
          error={faultText(read?.fault ?? null, parameter)}
          rightSectionWidth={76}
          rightSection={<span className="dim small">{p.units[parameter.unit]}</span>}
          value={text}
          onChange={(event) => setText(event.currentTarget.value)}
        />
      )}
      <Textarea
        label={p.why}
        description={p.whyHint}
        autosize
        minRows={3}
        maxLength={MOST_WORDS}
        dir="auto"
        value={why}
        onChange={(event) => setWhy(event.currentTarget.value)}
      />
      <Send
        tagger={tagger}
        parameters={parameters}
        isReady={parameter !== null && read?.fault === null && why.trim() !== ''}
        send={async () => {
          if (parameter === null || read === null) return null
          const headline = t.network.proposals.call(nameOf(parameter.name), words)
          const { transaction } = await tagger.proposals.proposeParameter({
            name: parameter.name,
            value: read.value,
            description: `# ${headline}\n\n${why.trim()}`,
          })
          setWhy('')
          return transaction
        }}
      />
    </div>
  )
}

/** What it takes and how it goes on, then the button. */
function Send(props: {
  tagger: Tagger
  parameters: readonly Parameter[]
  isReady: boolean
  send: () => Promise<string | null>
}) {
  const { tagger, parameters, isReady, send } = props
  const standing = useStanding(tagger).data
  const quorum = useQuery({ queryKey: [GOVERN, 'quorum'], queryFn: () => tagger.proposals.quorum() }).data
  const [threshold, delay, period] = ['proposalThreshold', 'votingDelay', 'votingPeriod'].map((name) =>
    numberOf(parameters, name),
  )
  const p = t.network.propose
  if (standing === undefined || quorum === undefined || threshold == null) return null
  const isPoor = standing.votes < threshold
  return (
    <>
      <p className="dim small">
        {p.cost(formatTag(threshold), formatTag(standing.votes))}{' '}
        {p.course(formatDuration(Number(delay)), formatDuration(Number(period)), formatTag(quorum))}
      </p>
      {isPoor && <Notice tone="warn">{p.poor(formatTag(threshold))}</Notice>}
      <TransactionButton
        tagger={tagger}
        disabled={!isReady || isPoor}
        refresh={[GOVERN]}
        doneText={p.done}
        send={send}
      >
        {p.send}
      </TransactionButton>
    </>
  )
}

/** A value as the node would tell it. */
function valueText(value: bigint, { unit }: Parameter): string {
  return unit === 'account' ? `0x${value.toString(16).padStart(40, '0')}` : String(value)
}

function boundsText({ least, most, unit }: Parameter): string {
  if (least === null || most === null || unit === 'account') return ''
  return t.network.propose.between(formatValue(least, unit), formatValue(most, unit))
}

function faultText(fault: ValueFault, { least, most, unit }: Parameter): string | null {
  const { faults } = t.network.propose
  switch (fault) {
    case 'no-value':
      return faults['no-value']
    case 'too-small':
      return faults['too-small'](formatValue(least ?? 0n, unit))
    case 'too-big':
      return faults['too-big'](formatValue(most ?? 0n, unit))
    case 'same':
      return faults.same
    default:
      return null
  }
}
