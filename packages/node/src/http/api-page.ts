import { API_PREFIX, type Endpoint, endpoints } from '@tagger/protocol/wire'

const STYLE = `
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif }
body { max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
h1 { font-size: 1.6rem } h2 { margin-top: 2.2rem; font-size: 1.1rem; border-bottom: 1px solid #8884 }
code { font-family: ui-monospace, monospace } pre { overflow: auto; padding: .8rem; background: #8881; border-radius: 6px }
details { margin: .4rem 0 } summary { cursor: pointer } summary code { margin: 0 .6rem 0 .3rem }
.method { display: inline-block; width: 4.2rem; font-weight: 600 } .access { opacity: .7; font-size: .85em }`

type Schema = Record<string, unknown>

/** The API as one page without scripts: every operation with its parameters, body and answer. */
export function apiPage(document: Schema): string {
  const groups = Map.groupBy(Object.entries(endpoints as Record<string, Endpoint>), ([, endpoint]) =>
    endpoint.path.split('/')[1]!.replaceAll('-', ' '),
  )
  const sections = [...groups].map(
    ([group, entries]) =>
      `<h2>${escapeHtml(group)}</h2>${entries.map((entry) => section(entry, document)).join('')}`,
  )
  const about = (document.info as { description: string }).description
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Tagger API</title>
<meta name="viewport" content="width=device-width"><style>${STYLE}</style></head><body><h1>Tagger API</h1>
${about
  .split('\n\n')
  .map((paragraph) => `<p>${escapeHtml(paragraph)}</p>`)
  .join('')}
<p><a href="${API_PREFIX}/openapi.json">OpenAPI 3.1 document</a></p>${sections.join('')}</body></html>`
}

function section([name, endpoint]: [string, Endpoint], document: Schema): string {
  const paths = document.paths as Record<string, Record<string, Schema>>
  const path = API_PREFIX + endpoint.path
  const { summary, parameters, requestBody, responses } = paths[path]![endpoint.method.toLowerCase()]!
  const shown = { parameters, requestBody, response: (responses as Schema)['200'] }
  const access = endpoint.access === 'account' ? ' · login' : ''
  return `<details id="${name}"><summary><span class="method">${endpoint.method}</span><code>${escapeHtml(path)}</code>
<span class="access">${name}${access}</span></summary><p>${escapeHtml(String(summary))}</p>
<pre><code>${escapeHtml(JSON.stringify(shown, null, 2))}</code></pre></details>`
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
  return text.replace(/[&<>"]/g, (sign) => entities[sign]!)
}
