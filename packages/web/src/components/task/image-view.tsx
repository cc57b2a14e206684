import { ActionIcon } from '@mantine/core'
import { IconMinus, IconPlus, IconZoomReset } from '@tabler/icons-react'
import { type PointerEvent, useState, type WheelEvent } from 'react'
import { t } from '../../lib/messages.ts'
import styles from './task.module.css'

const MOST = 8
const START = { scale: 1, x: 0, y: 0 }

/** An image to look at closely: wheel or buttons zoom, dragging moves it. */
export function ImageView({ source, alt }: { source: string; alt: string }) {
  const [view, setView] = useState(START)
  const zoom = (factor: number) =>
    setView((before) => {
      const scale = Math.min(MOST, Math.max(1, before.scale * factor))
      return scale === 1 ? START : { scale, x: before.x, y: before.y }
    })
  const move = (event: PointerEvent) => {
    if (event.buttons !== 1) return
    setView((before) =>
      before.scale === 1
        ? before
        : { ...before, x: before.x + event.movementX, y: before.y + event.movementY },
    )
  }
  const hold = (event: PointerEvent) => event.currentTarget.setPointerCapture(event.pointerId)
  const onWheel = (event: WheelEvent) => zoom(event.deltaY < 0 ? 1.15 : 1 / 1.15)
  return (
    <div className={styles.image} onWheel={onWheel} onPointerMove={move} onPointerDown={hold}>
      <img
        src={source}
        alt={alt}
        draggable={false}
        style={{ transform: `translate(${view.x}px, ${view.y}px) scale(${view.scale})` }}
      />
      <div className={styles.zoom} onPointerDown={(event) => event.stopPropagation()}>
        <ActionIcon aria-label={t.work.zoomOut} onClick={() => zoom(1 / 1.5)}>
          <IconMinus size={16} />
        </ActionIcon>
        <ActionIcon aria-label={t.work.zoomReset} onClick={() => setView(START)}>
          <IconZoomReset size={16} />
        </ActionIcon>
        <ActionIcon aria-label={t.work.zoomIn} onClick={() => zoom(1.5)}>
          <IconPlus size={16} />
        </ActionIcon>
      </div>
    </div>
  )
}
