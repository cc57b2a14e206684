import { test } from 'vitest'

/** Steps that build on each other: the first that fails stops the story, and those after it say so. */
export function createStory(onFailure: () => Promise<void> = async () => undefined) {
  let failed: string | null = null
  return (name: string, walk: () => Promise<void>) => {
    test(name, async () => {
      if (failed !== null) throw new Error(`Not reached: “${failed}” failed before`)
      failed = name
      try {
        await walk()
      } catch (error) {
        await onFailure()
        throw error
      }
      failed = null
    })
  }
}
