import * as wire from '@tagger/protocol/wire'
import { API_PREFIX, type Endpoint, endpoints, ProblemDocument } from '@tagger/protocol/wire'
import { z } from 'zod'

type Schema = Record<string, unknown>
type Table = Record<string, Endpoint>

const ABOUT = `HTTP API of a Tagger node. Amounts are decimal strings in the token's smallest unit; accounts and hashes are lower-case 0x-hex; times are ISO 8601, or seconds where they are signed or on chain.

Errors are problem details (RFC 9457) with a stable \`code\` and \`hints\`.

Writes are idempotent by content: records are named by their hashes, items by the hash of their bytes, keys and leases by themselves, so that sending the same request again changes nothing and answers the same. A client repeats a request whose answer it did not get.`

/** The OpenAPI 3.1 document of the endpoint table. */
export function openApiDocument(table: Table = endpoints): Schema {
  const registry = namedSchemas()
  const components: Record<string, Schema> = {}
  const convert = (schema: z.ZodType): Schema => {
    const {
      $schema: _,
      $defs,
      ...rest
    } = z.toJSONSchema(schema, {
      io: 'input',
      metadata: registry,
      unrepresentable: 'any',
    }) as Schema
    for (const [name, definition] of Object.entries(($defs ?? {}) as Record<string, Schema>)) {
      components[name] = linked(definition)
    }
    return linked(rest)
  }
  const paths: Record<string, Record<string, Schema>> = {}
  for (const [name, endpoint] of Object.entries(table)) {
    const path = API_PREFIX + endpoint.path
    paths[path] = { ...paths[path], [endpoint.method.toLowerCase()]: operation(name, endpoint, convert) }
  }
  const problem = convert(ProblemDocument)
  return {
    openapi: '3.1.0',
    info: { title: 'Tagger', version: '1', description: ABOUT, license: { name: 'Apache-2.0' } },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas: sorted(components),
      responses: {
        Problem: {
          description: 'What went wrong, with a stable code and hints.',
          content: { 'application/problem+json': { schema: problem } },
        },
      },
      securitySchemes: { login: { type: 'http', scheme: 'bearer', description: 'Token of `createLogin`.' } },
    },
  }
}

function operation(name: string, endpoint: Endpoint, convert: (schema: z.ZodType) => Schema): Schema {
  const local = endpoint.access === 'local' ? ' Only on the local network.' : ''
  return {
    operationId: name,
    summary: endpoint.summary + local,
    tags: [endpoint.path.split('/')[1]],
    ...(endpoint.access === 'account' && { security: [{ login: [] }] }),
    parameters: [
      ...parameters('path', endpoint.params, convert),
      ...parameters('query', endpoint.query, convert),
    ],
    ...(endpoint.body && {
      requestBody: { required: true, content: { 'application/json': { schema: convert(endpoint.body) } } },
    }),
    ...(endpoint.upload && {
      requestBody: { required: true, content: Object.fromEntries(endpoint.upload.map((type) => [type, {}])) },
    }),
    responses: {
      '200': {
        description: 'Done.',
        content: endpoint.response
          ? { 'application/json': { schema: convert(endpoint.response) } }
          : { [endpoint.download ?? 'application/octet-stream']: {} },
      },
      default: { $ref: '#/components/responses/Problem' },
    },
  }
}

function parameters(
  place: 'path' | 'query',
  schema: z.ZodType | undefined,
  convert: (schema: z.ZodType) => Schema,
): Schema[] {
  if (schema === undefined) return []
  const { shape } = schema as z.ZodObject
  return Object.entries(shape).map(([name, entry]) => ({
    name,
    in: place,
    required: place === 'path' || !(entry as z.ZodType).safeParse(undefined).success,
    schema: convert(entry as z.ZodType),
  }))
}

/** Exported schemas by their names, so that they appear once in the document. */
function namedSchemas() {
  const registry = z.registry<{ id: string }>()
  for (const [name, value] of Object.entries(wire)) {
    if (value instanceof z.ZodType && /^[A-Z]/.test(name)) registry.add(value, { id: name })
  }
  return registry
}

/** References into the document instead of into the schema they were made in. */
function linked(schema: Schema): Schema {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/$defs/', '"#/components/schemas/'), (key, value) =>
    key === 'id' && typeof value === 'string' ? undefined : value,
  )
}

function sorted(schemas: Record<string, Schema>): Record<string, Schema> {
  return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)))
}
