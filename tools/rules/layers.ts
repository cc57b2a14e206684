import type { Import } from './imports.ts'
import {
  joinRelative,
  packageOf,
  parsePackageSpecifier,
  ROWS,
  type SourceFile,
  type Violation,
} from './tree.ts'

type Complaint = { what: string; instead: string }

const TEMPTING: Record<string, Complaint> = {
  'node → sdk': {
    what: 'the node imports the client of nodes',
    instead: 'take the shared shapes from @tagger/protocol/wire',
  },
  'web → node': {
    what: 'the app imports the server',
    instead: 'call it through @tagger/sdk; shared shapes are in @tagger/protocol/wire',
  },
}

/** Imports that go up, sideways, out of the package or through the package's own front door. */
export function checkLayers(files: readonly SourceFile[]): Violation[] {
  return files.flatMap((file) =>
    file.imports.flatMap((item) => {
      const complaint = judge(file.path, item)
      return complaint ? [{ path: file.path, line: item.line, ...complaint }] : []
    }),
  )
}

function judge(path: string, { specifier }: Import): Complaint | undefined {
  const own = packageOf(path)
  if (!own) return undefined
  const target = joinRelative(path, specifier)
  if (target !== undefined) return judgeRelative(path, own, target)
  const named = parsePackageSpecifier(specifier)
  return named && judgePackage(own, named, specifier)
}

function judgePackage(
  own: string,
  { name, entry }: { name: string; entry: string },
  specifier: string,
): Complaint | undefined {
  if (name === own)
    return {
      what: `imports its own package as '${specifier}'`,
      instead: 'import the file itself by its relative path',
    }
  const row = ROWS[name]
  if (row === undefined)
    return { what: `'${specifier}' is no package of this repository`, instead: 'check the name' }
  const tempting = TEMPTING[`${own} → ${name}`]
  if (tempting) return tempting
  if (row >= ROWS[own]!) {
    const where = row === ROWS[own] ? 'beside it' : 'below it'
    return {
      what: `${own} imports ${name}, which stands ${where}`,
      instead: 'import only from rows above; move what both need up, often to protocol',
    }
  }
  if (name === 'contracts' && entry !== './abi' && entry !== './deploy') {
    return { what: `imports '${specifier}'`, instead: 'import only @tagger/contracts/abi or /deploy' }
  }
  return undefined
}

function judgeRelative(path: string, own: string, target: string): Complaint | undefined {
  if (packageOf(target) !== own) {
    return {
      what: `reaches out of its package to ${target}`,
      instead: 'import another package by its name, @tagger/…',
    }
  }
  if (/^packages\/[\w-]+\/src(\/|\/index(\.\w+)?)?$/.test(target)) {
    return { what: "imports its own package's front door", instead: 'import the file that defines the name' }
  }
  return own === 'web' ? judgeWeb(path, target) : undefined
}

/** Inside the app: shared → features → app, and features never know each other. */
function judgeWeb(path: string, target: string): Complaint | undefined {
  const [from, to] = [roomInWeb(path), roomInWeb(target)]
  if (from.room === 'features' && to.room === 'features' && from.feature !== to.feature) {
    return {
      what: `feature ${from.feature} imports feature ${to.feature}`,
      instead: 'compose both in app, or move what they share to components or lib',
    }
  }
  if (from.room === 'features' && to.room === 'app') {
    return { what: `feature ${from.feature} imports app`, instead: 'let app hand it in, or move it to lib' }
  }
  if (['components', 'lib'].includes(from.room) && ['features', 'app'].includes(to.room)) {
    return { what: `${from.room} imports ${to.room}`, instead: 'hand it in as a property or argument' }
  }
  return undefined
}

function roomInWeb(path: string): { room: string; feature: string } {
  const [room = '', feature = ''] = path.split('/').slice(3)
  return { room, feature }
}
