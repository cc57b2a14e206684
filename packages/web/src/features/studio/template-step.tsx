import {
  IconBubbleText,
  IconCamera,
  IconCategory,
  IconMoodSmile,
  IconPhoto,
  IconScale,
} from '@tabler/icons-react'
import { t } from '../../lib/messages.ts'
import styles from './studio.module.css'
import { TEMPLATES, type Template } from './templates.ts'

const ICONS = {
  sentiment: IconMoodSmile,
  categories: IconCategory,
  image: IconPhoto,
  product: IconScale,
  collectText: IconBubbleText,
  collectImage: IconCamera,
}

/** What kind of campaign it is. */
export function TemplateStep({ onChoose }: { onChoose: (template: Template) => void }) {
  return (
    <div className={styles.form}>
      <h2>{t.studio.template.title}</h2>
      <div className={styles.templates}>
        {TEMPLATES.map((template) => {
          const Icon = ICONS[template.id]
          const { title, text } = t.studio.template[template.id]
          return (
            <button
              key={template.id}
              type="button"
              className={`card ${styles.template}`}
              onClick={() => onChoose(template)}
            >
              <Icon size={24} stroke={1.5} aria-hidden />
              <strong>{title}</strong>
              <span>{text}</span>
            </button>
          )
        })}
      </div>
    </div>
  )
}
