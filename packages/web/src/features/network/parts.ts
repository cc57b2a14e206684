/** Parts of the page by their names in its address. */
export const PARTS = ['stake', 'disputes', 'proposals', 'parameters', 'stakes'] as const
export type Part = (typeof PARTS)[number]

/** What the page's address may say. */
export interface NetworkSearch {
  part?: Part
  /** The parameter a proposal is to change. */
  change?: string
}

/** Whether this names a part of the page. */
export function isPart(value: unknown): value is Part {
  return PARTS.includes(value as Part)
}
