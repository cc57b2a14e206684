/**
 * `npm run audit`: static analysis of `src` by Slither. Every finding is fixed, or explained in the table of
 * docs/threat-model.md under "What static analysis finds"; an explanation of nothing fails as well.
 * Slither comes from Python's registry (`pip install slither-analyzer`) and is looked for in PATH; without it nothing
 * is checked, and that is said.
 */
import { spawnSync } from 'node:child_process'
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { mkdir, symlink, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'

const root = join(import.meta.dirname, '..', '..', '..')
const own = 'packages/contracts/src'
const document = join(root, 'docs/threat-model.md')
const chapter = '## What static analysis finds'

interface Finding {
  detector: string
  impact: string
  /** Contract and function, as `Contract.function`; the contract alone where it is about nothing smaller. */
  place: string
  line: number
  file: string
}

/** One line of Slither's JSON. */
interface Report {
  success: boolean
  error: string | null
  results: {
    detectors?: {
      check: string
      impact: string
      elements: {
        type: string
        name: string
        source_mapping: { filename_relative: string; lines: number[] }
        type_specific_fields?: { parent?: { type: string; name: string } }
      }[]
    }[]
  }
}

process.exitCode = await audit()

async function audit(): Promise<number> {
  const version = spawnSync('slither', ['--version'], { encoding: 'utf8' })
  if (version.status !== 0) {
    console.log('Skipped: there is no Slither here, so nothing was checked.')
    console.log('With Python 3 run `pip install slither-analyzer` and see that `slither` is in PATH.')
    return 0
  }
  console.log(`Slither ${version.stdout.trim()} over ${own}`)
  console.log('Symbolic analysis: skipped. Halmos builds with forge, which is not part of this repository.')
  const findings = await analyze()
  const explained = readExplanations()
  const fits = (finding: Finding, [detector, place]: readonly [string, string]) =>
    finding.detector === detector && (place === '*' || finding.place === place)
  const open = findings.filter((finding) => !explained.some((entry) => fits(finding, entry)))
  const idle = explained.filter((entry) => !findings.some((finding) => fits(finding, entry)))
  for (const { impact, detector, place, file, line } of open)
    console.log(`  ${impact}: ${detector} in ${place} (${file}:${line})`)
  for (const [detector, place] of idle) console.log(`  explained but not found: ${detector} in ${place}`)
  console.log(
    `${findings.length} findings, ${findings.length - open.length} explained in ${relative(root, document)}, ` +
      `${open.length} neither fixed nor explained, ${idle.length} explanations of nothing`,
  )
  return open.length + idle.length === 0 ? 0 : 1
}

/** Compiles everything in one go and lets Slither read what came out as it reads a Hardhat project. */
async function analyze(): Promise<Finding[]> {
  const folder = mkdtempSync(join(tmpdir(), 'tagger-audit-'))
  try {
    await mkdir(join(folder, 'artifacts/build-info'), { recursive: true })
    await writeFile(join(folder, 'artifacts/build-info/audit.json'), JSON.stringify(compile()))
    await writeFile(join(folder, 'hardhat.config.js'), '')
    for (const name of ['packages', 'node_modules']) await symlink(join(root, name), join(folder, name))
    const options = ['--compile-force-framework', 'Hardhat', '--ignore-compile']
    const paths = ['--hardhat-artifacts-directory', 'artifacts', '--hardhat-cache-directory', 'cache']
    const scope = [
      '--filter-paths',
      'node_modules|src/mocks',
      '--exclude-informational',
      '--exclude-optimization',
    ]
    const { stdout, stderr } = spawnSync(
      'slither',
      ['.', ...options, ...paths, ...scope, '--json', 'out.json'],
      {
        cwd: folder,
        encoding: 'utf8',
        maxBuffer: 2 ** 28,
      },
    )
    const report = readReport(join(folder, 'out.json'))
    if (report === null || !report.success) throw new Error(`Slither failed:\n${report?.error ?? stderr}`)
    const unread = [...`${stdout}${stderr}`.matchAll(/Impossible to generate IR for (\S+) \(packages/g)].map(
      ([, name]) => name,
    )
    if (unread.length > 0) console.log(`Slither cannot read ${unread.join(', ')}; that is not checked.`)
    const findings = (report.results.detectors ?? []).map(({ check, impact, elements }) => {
      const [first] = elements
      if (first === undefined) throw new Error(`Slither names no place for ${check}`)
      const { filename_relative: file, lines } = first.source_mapping
      return { detector: check, impact, place: placeOf(elements), file, line: lines[0] ?? 0 }
    })
    return findings.toSorted((a, b) => (`${a.place} ${a.detector}` < `${b.place} ${b.detector}` ? -1 : 1))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

function placeOf(elements: NonNullable<Report['results']['detectors']>[number]['elements']): string {
  for (const { type, name, type_specific_fields: fields } of elements) {
    const parent = fields?.parent
    if (type === 'function' || type === 'variable')
      return parent === undefined ? name : `${parent.name}.${name}`
    if (type === 'contract') return name
  }
  return elements[0]!.name
}

function readReport(path: string): Report | null {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Report
  } catch {
    return null
  }
}

interface Output {
  errors?: { severity: string; formattedMessage: string }[]
  contracts: Record<string, Record<string, { evm?: unknown }>>
}

/** A build info as Hardhat 2 wrote them, without code, which Slither does not read; paths are those of the repository. */
function compile() {
  const solc = createRequire(import.meta.url)('solc') as {
    version(): string
    compile(input: string, callbacks: object): string
  }
  const sources = Object.fromEntries(
    globSync(`${own}/**/*.sol`, { cwd: root })
      .sort()
      .map((path) => [path, { content: readFileSync(join(root, path), 'utf8') }]),
  )
  const input = {
    language: 'Solidity',
    sources,
    settings: {
      evmVersion: 'cancun',
      remappings: ['@openzeppelin/=node_modules/@openzeppelin/'],
      outputSelection: { '*': { '*': ['abi', 'userdoc', 'devdoc'], '': ['ast'] } },
    },
  }
  const read = (path: string) => ({ contents: readFileSync(join(root, path), 'utf8') })
  const output = JSON.parse(solc.compile(JSON.stringify(input), { import: read })) as Output
  const errors = (output.errors ?? []).filter(({ severity }) => severity === 'error')
  if (errors.length > 0) throw new Error(errors.map(({ formattedMessage }) => formattedMessage).join('\n'))
  const code = { object: '', sourceMap: '' }
  for (const contract of Object.values(output.contracts).flatMap((entry) => Object.values(entry)))
    contract.evm = { bytecode: code, deployedBytecode: code }
  const solcVersion = /^\d+\.\d+\.\d+/.exec(solc.version())?.[0]
  return { solcVersion, solcLongVersion: solc.version(), input, output }
}

/** The first two columns of the table in the threat model; a place `*` stands for all. */
function readExplanations(): (readonly [detector: string, place: string])[] {
  const text = readFileSync(document, 'utf8')
  const start = text.indexOf(chapter)
  if (start < 0) throw new Error(`${relative(root, document)} has no chapter "${chapter}"`)
  const end = text.indexOf('\n## ', start + 1)
  const rows = text.slice(start, end < 0 ? undefined : end).split('\n')
  return rows
    .filter((row) => row.startsWith('| `'))
    .flatMap((row) => {
      const [detectors = '', places = ''] = row.slice(2).split(' | ')
      const ticked = (cell: string) => [...cell.matchAll(/`([^`]+)`/g)].map(([, name]) => name!)
      return ticked(detectors).flatMap((detector) =>
        ticked(places).map((place) => [detector, place] as const),
      )
    })
}
