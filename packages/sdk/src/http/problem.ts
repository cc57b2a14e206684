import { type ErrorCode, TaggerError } from '@tagger/protocol'
import { ProblemDocument } from '@tagger/protocol/wire'

/** Rebuilds the error the node answered with: same code, sentence and hints. */
export async function readProblem(response: Response): Promise<TaggerError> {
  const text = await response.text().catch(() => '')
  const problem = ProblemDocument.safeParse(parseJson(text))
  if (problem.success) {
    const { code, detail, hints, data } = problem.data
    return new TaggerError(code as ErrorCode, detail, { hints, data })
  }
  return new TaggerError(codeOf(response.status), `The node answered ${response.status} without a reason`, {
    hints: [`Is ${new URL(response.url || 'http://unknown').origin} a Tagger node?`],
    data: { status: response.status, body: text.slice(0, 200) },
  })
}

/** Whether trying again later may help. */
export function isTemporary(error: unknown): boolean {
  return (
    error instanceof TaggerError &&
    (error.code === 'unavailable' || error.code === 'rate-limited' || error.code === 'chain-unreachable')
  )
}

function codeOf(status: number): ErrorCode {
  if (status === 401) return 'unauthorized'
  if (status === 403) return 'forbidden'
  if (status === 404) return 'not-found'
  if (status === 409) return 'conflict'
  if (status === 413) return 'too-large'
  if (status === 429) return 'rate-limited'
  if (status === 502 || status === 503 || status === 504) return 'unavailable'
  return status < 500 ? 'bad-request' : 'internal'
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
