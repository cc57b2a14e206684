import { API_PREFIX } from '@tagger/protocol/wire'
import { t } from '../lib/messages.ts'
import styles from './data-value.module.css'

/** One value of an item's data: a picture when it is one, else its text. Pictures come from the node only. */
export function DataValue({ value }: { value: string }) {
  const isImage =
    /^data:image\/(?:png|jpeg|webp|gif);base64,/.test(value) || value.startsWith(`${API_PREFIX}/`)
  if (isImage) return <img className={styles.thumb} src={value} alt={t.work.imageAlt} loading="lazy" />
  return <span dir="auto">{value}</span>
}
