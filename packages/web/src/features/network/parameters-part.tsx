import { Button } from '@mantine/core'
import { useQuery } from '@tanstack/react-query'
import { Link } from '@tanstack/react-router'
import { Panel } from '../../components/page.tsx'
import { Hash, NumberCell, Table } from '../../components/parts.tsx'
import { Loaded } from '../../components/states.tsx'
import { t } from '../../lib/messages.ts'
import styles from './network.module.css'
import { formatValue, nameOf } from './parameter-values.ts'
import { type Parameter, parametersQuery } from './queries.ts'

/** The network's numbers and the bounds nobody can move them out of. */
export function ParametersPart() {
  const parameters = useQuery(parametersQuery())
  const p = t.network.parameters
  const { name, value, bounds, change } = p.head
  return (
    <Panel title={p.title} isFlush>
      <p className={`${styles.hint} dim small`}>{p.hint}</p>
      <Loaded query={parameters}>
        {(entries) => (
          <Table head={[name, value, bounds, change]} numeric={[1]}>
            {entries.map((parameter) => (
              <tr key={parameter.name}>
                <td className={styles.wideCell}>{nameOf(parameter.name)}</td>
                <NumberCell>
                  {parameter.unit === 'account' ? (
                    <Hash value={parameter.value} />
                  ) : (
                    formatValue(parameter.value, parameter.unit)
                  )}
                </NumberCell>
                <td className={styles.noBreak}>{boundsOf(parameter)}</td>
                <td>
                  <Button
                    component={Link}
                    to={`/network?part=proposals&change=${parameter.name}`}
                    size="compact-xs"
                    variant="subtle"
                    aria-label={`${p.change}: ${nameOf(parameter.name)}`}
                  >
                    {p.change}
                  </Button>
                </td>
              </tr>
            ))}
          </Table>
        )}
      </Loaded>
    </Panel>
  )
}

function boundsOf({ least, most, unit }: Parameter): string {
  const p = t.network.parameters
  if (least === null || most === null || unit === 'account') return p.noBounds
  return p.range(formatValue(least, unit), formatValue(most, unit))
}
