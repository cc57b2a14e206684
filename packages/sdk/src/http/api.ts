import { TaggerError } from '@tagger/protocol'
import {
  type Endpoint,
  type Endpoints,
  endpoints,
  type RequestOf,
  type ResponseOf,
} from '@tagger/protocol/wire'
import { type Connection, type RawCall, type SendOptions, send, type Upload } from './send.ts'

type UploadPart<E> = E extends { upload: readonly string[] } ? { upload: Upload } : unknown
type CallOf<E> = RequestOf<E> & UploadPart<E>
/** Files and streams come back as the response itself. */
type AnswerOf<E> = E extends { download: string } ? Response : ResponseOf<E>
type Nothing = { [name in never]: unknown }
type Args<E> =
  Nothing extends CallOf<E>
    ? [call?: CallOf<E>, options?: SendOptions]
    : [call: CallOf<E>, options?: SendOptions]

/** Every endpoint of the node by its name: `api.getCampaign({ params: { id } })`. */
export type Api = {
  readonly [Name in keyof Endpoints]: (...args: Args<Endpoints[Name]>) => Promise<AnswerOf<Endpoints[Name]>>
}

/** POSTs that may be sent again without doing anything twice. */
const REPEATABLE = new Set<string>([
  'appendRecords',
  'createSessionKey',
  'createAssignments',
  'releaseAssignments',
  'createLoginChallenge',
  'acceptDraft',
])

/** Makes the client of one node out of the table of endpoints. */
export function createApi(connection: Connection): Api {
  const calls = Object.entries(endpoints).map(([name, endpoint]: [string, Endpoint]) => {
    const isRepeatable = endpoint.method !== 'POST' || REPEATABLE.has(name)
    const call = async (input: RawCall = {}, options: SendOptions = {}) => {
      const response = await send(connection, endpoint, input, { ...options, isRepeatable })
      return endpoint.download === undefined ? await readReply(name, endpoint, response) : response
    }
    return [name, call]
  })
  return Object.fromEntries(calls) as Api
}

async function readReply(name: string, endpoint: Endpoint, response: Response): Promise<unknown> {
  const json: unknown = await response.json().catch(() => undefined)
  const parsed = endpoint.response?.safeParse(json)
  if (parsed?.success) return parsed.data
  const issue = parsed?.error.issues[0]
  throw new TaggerError('internal', `The node's answer to ${name} is not what its API promises`, {
    hints: ['Node and client may be of different versions.'],
    data: { field: issue?.path.join('.'), issue: issue?.message },
  })
}
