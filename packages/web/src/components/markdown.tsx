import type { ReactNode } from 'react'
import styles from './markdown.module.css'

/** Instructions as their requester wrote them: headings, lists, bold, emphasis and code; never HTML or links to elsewhere. */
export function Markdown({ text }: { text: string }) {
  const blocks = text.replaceAll('\r\n', '\n').split(/\n{2,}/)
  return (
    <div className={styles.markdown} dir="auto">
      {blocks.map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a fixed text.
        <Block key={index} block={block} />
      ))}
    </div>
  )
}

const BULLET = /^\s*(?:[-*+]|\d+[.)])\s+/

function Block({ block }: { block: string }) {
  const lines = block.split('\n').filter((line) => line.trim() !== '')
  const first = lines[0] ?? ''
  const heading = /^#{1,6}\s+(.*)$/.exec(first)
  if (heading !== null && lines.length === 1) return <h3>{inline(heading[1] ?? '')}</h3>
  if (lines.length > 0 && lines.every((line) => BULLET.test(line))) {
    const List = /^\s*\d/.test(first) ? 'ol' : 'ul'
    return (
      <List>
        {lines.map((line) => (
          <li key={line}>{inline(line.replace(BULLET, ''))}</li>
        ))}
      </List>
    )
  }
  return <p>{inline(lines.join('\n'))}</p>
}

/** `**bold**`, `*emphasis*` and `code`, not nested. */
function inline(text: string): ReactNode[] {
  return text.split(/(\*\*[^*\n]+\*\*|\*[^*\n]+\*|`[^`\n]+`)/).map((part, index) => {
    const key = `${index} ${part}`
    if (/^\*\*.+\*\*$/.test(part)) return <strong key={key}>{part.slice(2, -2)}</strong>
    if (/^\*.+\*$/.test(part)) return <em key={key}>{part.slice(1, -1)}</em>
    if (/^`.+`$/.test(part)) return <code key={key}>{part.slice(1, -1)}</code>
    return part
  })
}
