import { describe, expect, test } from 'vitest'
import { findViolations, type Tree } from './import-rules.ts'

/** What is wrong in a tree, one line each. */
function complaints(tree: Tree): string[] {
  return findViolations(tree).map(({ path, line, what }) => `${path}:${line} ${what}`)
}

const node = 'packages/node/src/settle/batch.ts'
const pure = 'packages/protocol/src/quality/score.ts'

describe('layers', () => {
  test.each([
    ['packages/sdk/src/client.ts', '@tagger/protocol/wire'],
    ['packages/sdk/src/client.ts', '@tagger/contracts/abi'],
    [node, '@tagger/contracts/deploy'],
    [node, '@tagger/formats'],
    ['packages/cli/src/main.ts', '@tagger/node'],
    ['packages/web/src/lib/api.ts', '@tagger/sdk'],
    ['e2e/walk.test.ts', '@tagger/cli'],
    [node, 'hono'],
  ])('%s may import %s', (path, specifier) => {
    expect(complaints({ [path]: `import { x } from '${specifier}'` })).toEqual([])
  })

  test.each([
    ['packages/protocol/src/a.ts', '@tagger/node', 'protocol imports node, which stands below it'],
    [
      'packages/protocol/src/a.ts',
      '@tagger/contracts/abi',
      'protocol imports contracts, which stands beside it',
    ],
    ['packages/sdk/src/a.ts', '@tagger/formats', 'sdk imports formats, which stands beside it'],
    ['packages/cli/src/a.ts', '@tagger/web', 'cli imports web, which stands beside it'],
    [node, '@tagger/sdk', 'the node imports the client of nodes'],
    ['packages/web/src/app/a.ts', '@tagger/node', 'the app imports the server'],
    [node, '@tagger/contracts', "imports '@tagger/contracts'"],
    [node, '@tagger/contracts/artifacts', "imports '@tagger/contracts/artifacts'"],
    [node, '@tagger/nod', "'@tagger/nod' is no package of this repository"],
    [
      node,
      '../../../protocol/src/math/log.ts',
      'reaches out of its package to packages/protocol/src/math/log.ts',
    ],
    ['packages/cli/src/main.ts', '../../../tools/run.mjs', 'reaches out of its package to tools/run.mjs'],
  ])('%s may not import %s', (path, specifier, what) => {
    expect(complaints({ [path]: `\nimport { x } from '${specifier}'` })).toEqual([`${path}:2 ${what}`])
  })

  test('a type counts as much as a value', () => {
    expect(complaints({ [node]: "import type { Client } from '@tagger/sdk'" })).toHaveLength(1)
  })

  test.each([
    '../index.ts',
    '..',
    '../index',
    '@tagger/node',
    '@tagger/node/app',
  ])('no file imports its own front door %s', (door) => {
    expect(complaints({ [node]: `export * from '${door}'` })).toHaveLength(1)
  })

  test('an index deeper inside is no front door', () => {
    expect(complaints({ [node]: "import { x } from '../db/index.ts'" })).toEqual([])
  })
})

describe('rooms of the app', () => {
  const inWeb = (from: string, to: string) =>
    complaints({ [`packages/web/src/${from}`]: `import { x } from '${to}'` }).map((line) =>
      line.replace(/^\S+ /, ''),
    )

  test('a feature imports itself, components and lib', () => {
    expect(inWeb('features/trade/market.tsx', './price.ts')).toEqual([])
    expect(inWeb('features/trade/market.tsx', '../../components/card.tsx')).toEqual([])
    expect(inWeb('app/routes.tsx', '../features/trade/market.tsx')).toEqual([])
  })

  test('features do not know each other, nor the app', () => {
    expect(inWeb('features/trade/market.tsx', '../collect/upload.tsx')).toEqual([
      'feature trade imports feature collect',
    ])
    expect(inWeb('features/trade/market.tsx', '../../app/routes.tsx')).toEqual(['feature trade imports app'])
  })

  test('what is shared knows nobody', () => {
    expect(inWeb('components/card.tsx', '../features/trade/market.tsx')).toEqual([
      'components imports features',
    ])
    expect(inWeb('lib/api.ts', '../app/session.ts')).toEqual(['lib imports app'])
  })
})

describe('cycles', () => {
  const a = 'packages/node/src/a.ts'
  const b = 'packages/node/src/b.ts'

  test('inside a package are found, once, with their way', () => {
    expect(complaints({ [a]: "import './b.ts'", [b]: "\nimport { a } from './a.ts'" })).toEqual([
      `${a}:1 import cycle: ${a} → ${b} → ${a}`,
    ])
  })

  test('through a dynamic import or an export-from are cycles too', () => {
    expect(complaints({ [a]: "await import('./b')", [b]: "export { a } from './a.js'" })).toHaveLength(1)
  })

  test('across packages are found through the entries', () => {
    const what = complaints({
      'packages/protocol/package.json': '{"exports":{"./wire":"./src/wire/index.ts"}}',
      'packages/protocol/src/wire/index.ts': "import { x } from '@tagger/node'",
      'packages/node/package.json': '{"exports":{".":"./src/index.ts"}}',
      'packages/node/src/index.ts': "import { y } from '@tagger/protocol/wire'",
    })
    expect(what.filter((line) => line.includes('import cycle'))).toHaveLength(1)
  })

  test('of types only are fine', () => {
    expect(complaints({ [a]: "import type { B } from './b.ts'", [b]: "import { a } from './a.ts'" })).toEqual(
      [],
    )
    expect(complaints({ [a]: "let b: import('./b.ts').B", [b]: "import { a } from './a.ts'" })).toEqual([])
  })

  test('in comments and strings are none', () => {
    expect(complaints({ [a]: `// import './a.ts'\nconst text = "import './a.ts'"` })).toEqual([])
  })
})

describe('purity', () => {
  test.each([
    'Date.now()',
    'new Date(0)',
    'Date()',
    'Math.random()',
    'Math.pow(2, 3)',
    'const { log } = Math',
    '2 ** 3',
    'x **= 2',
    'n.toLocaleString()',
    'a.localeCompare(b)',
    'new Intl.NumberFormat()',
    'list.sort()',
    'list.toSorted()',
    'process.env.HOME',
    "fetch('/x')",
    'crypto.randomUUID()',
    'globalThis.x',
    "import { readFile } from 'node:fs'",
    "import { readFile } from 'fs'",
    `\`\${Math.random()}\``,
    'i++ / Math.exp(1) / 2',
  ])('%s is refused', (code) => {
    expect(complaints({ [pure]: `\n${code}` })).toEqual([expect.stringContaining(`${pure}:2 `)])
  })

  test.each([
    'Math.floor(x) + Math.sqrt(y)',
    'list.sort(byCodePoint)',
    '// Math.random() and new Date()',
    '/** a ** b */',
    "'Date.now()'",
    `\`Math.random() \${x} Math.random()\``,
    '/Math.random()/.test(x)',
    'const startDate = update(date)',
    'crypto.sha256(bytes)',
    'const x = y / 2 /* ** */ / 3',
  ])('%s is fine', (code) => {
    expect(complaints({ [pure]: code })).toEqual([])
  })

  test('is asked of protocol and formats alone, and not of their tests', () => {
    expect(complaints({ [node]: 'Date.now()', 'packages/formats/src/csv.test.ts': 'Math.random()' })).toEqual(
      [],
    )
    expect(complaints({ 'packages/formats/src/csv.ts': 'Math.random()' })).toHaveLength(1)
  })
})

test('every complaint says what to do instead', () => {
  const [violation] = findViolations({ [pure]: 'list.sort()' })
  expect(violation).toMatchObject({ path: pure, line: 1, instead: 'pass a comparator' })
})
