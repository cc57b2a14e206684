import { type DragEvent, type ReactNode, useRef, useState } from 'react'
import styles from './drop-zone.module.css'

/** Takes files dropped on it or, by the `choose` its content gets, picked in a dialog. */
export function DropZone(props: {
  onFiles: (files: readonly File[]) => void
  /** Of the file dialog, for those who hear it. */
  label: string
  accept?: string
  multiple?: boolean
  disabled?: boolean
  children: (choose: () => void) => ReactNode
}) {
  const { onFiles, label, accept, multiple, disabled = false, children } = props
  const [isOver, setOver] = useState(false)
  const input = useRef<HTMLInputElement>(null)
  const onDrop = (event: DragEvent) => {
    event.preventDefault()
    setOver(false)
    if (!disabled) onFiles([...event.dataTransfer.files])
  }
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the button inside does the same without a mouse.
    <div
      className={`${styles.zone} ${isOver ? styles.isOver : ''}`}
      onDragOver={(event) => {
        event.preventDefault()
        setOver(!disabled)
      }}
      onDragLeave={() => setOver(false)}
      onDrop={onDrop}
    >
      {children(() => input.current?.click())}
      <input
        ref={input}
        type="file"
        hidden
        multiple={multiple}
        accept={accept}
        aria-label={label}
        onChange={(event) => {
          const files = [...(event.currentTarget.files ?? [])]
          // The same file may be chosen again.
          event.currentTarget.value = ''
          if (files.length > 0) onFiles(files)
        }}
      />
    </div>
  )
}
