import type { Choice } from '@tagger/protocol'
import { useEffect, useRef } from 'react'

interface Keys {
  /** While a drawer or a field has the keyboard. */
  isOff: boolean
  choices: readonly Choice[]
  onChoose: (value: string) => void
  onConfirm: () => void
  onUndo: () => void
  onSkip: () => void
  onInstructions: () => void
}

/** The keyboard of the work screen; typing in a field is left alone. */
export function useKeys(keys: Keys): void {
  const latest = useRef(keys)
  latest.current = keys
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const { isOff, choices, onChoose, onConfirm, onUndo, onSkip, onInstructions } = latest.current
      if (isOff || event.metaKey || event.altKey || event.repeat) return
      if (
        event.target instanceof HTMLElement &&
        event.target.closest('input, textarea, select, [role=dialog]')
      )
        return
      const key = event.key.toLowerCase()
      if (event.ctrlKey && key !== 'z') return
      const choice = event.ctrlKey ? undefined : choices.find(({ hotkey }) => hotkey.toLowerCase() === key)
      if (choice !== undefined) onChoose(choice.value)
      else if (key === 'enter' && !(event.target instanceof HTMLButtonElement)) onConfirm()
      else if (key === 'u' || (event.ctrlKey && key === 'z')) onUndo()
      else if (key === 's') onSkip()
      else if (key === '?' || key === 'i') onInstructions()
      else return
      event.preventDefault()
    }
    window.addEventListener('keydown', onKey)
    return () => window.removeEventListener('keydown', onKey)
  }, [])
}
