import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Panel } from '../../components/page.tsx'
import { Hash } from '../../components/parts.tsx'
import { Loaded } from '../../components/states.tsx'
import { t } from '../../lib/messages.ts'
import styles from './network.module.css'
import { formatValue, nameOf } from './parameter-values.ts'
import { type Parameter, parametersQuery } from './queries.ts'

/** The network's numbers and the bounds nobody can move them out of. */
export function ParametersPart() {
  const parameters = useQuery(parametersQuery())
  const p = t.network.parameters
  return (
    <Panel title={p.title} isFlush>
      <p className={`${styles.hint} dim small`}>{p.hint}</p>
      <Loaded query={parameters}>
        {(entries) => entries.map((parameter) => <ParameterRow key={parameter.name} parameter={parameter} />)}
      </Loaded>
    </Panel>
  )
}

function ParameterRow({ parameter }: { parameter: Parameter }) {
  const { name, value, least, most, unit } = parameter
  const p = t.network.parameters
  return (
    <div className={`${styles.row} ${styles.parameter}`}>
      <div className={styles.rowText}>
        <span>{nameOf(name)}</span>
        {least !== null && most !== null && unit !== 'account' && (
          <span className="dim small number">
            {p.between(formatValue(least, unit), formatValue(most, unit))}
          </span>
        )}
      </div>
      <div className={styles.buttons}>
        <strong className="number">
          {unit === 'account' ? <Hash value={value} /> : formatValue(value, unit)}
        </strong>
        <Button
          component={Link}
          to={`/network?part=proposals&change=${name}`}
          size="xs"
          variant="default"
          aria-label={`${p.change}: ${nameOf(name)}`}
        >
          {p.change}
        </Button>
      </div>
    </div>
  )
}
