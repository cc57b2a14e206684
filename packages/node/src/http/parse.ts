import { TaggerError } from '@tagger/protocol'
import type { z } from 'zod'

/** Parses one part of a request; throws `bad-request` with a hint for each wrong field. */
export function parsePart<T>(schema: z.ZodType<T> | undefined, part: string, value: unknown): T | undefined {
  if (schema === undefined) return undefined
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const issues = parsed.error.issues.slice(0, 20)
  throw new TaggerError('bad-request', `The ${part} of this request is not as the API describes it`, {
    hints: issues.map((issue) => `${[part, ...issue.path].join('.')}: ${issue.message}`),
    data: { fields: issues.map((issue) => [part, ...issue.path].join('.')) },
  })
}
