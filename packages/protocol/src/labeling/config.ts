import { XMLParser, XMLValidator } from 'fast-xml-parser'
import { TaggerError } from '../errors.ts'

/** Part of a task's data that is shown: `value` is a key of the item's data, or a literal when `isLiteral`. */
export interface DisplayPart {
  tag: 'Header' | 'Text' | 'Image'
  name: string
  value: string
  isLiteral: boolean
}

export interface Choice {
  value: string
  /** What the screen shows instead of the value, when the config names an alias. */
  label: string
  hotkey: string
}

/** The question a worker answers: one choice of a fixed list, in config order. */
export interface Question {
  /** Control name: the key of the answer in a record's body. */
  name: string
  toName: string
  choices: readonly Choice[]
}

export interface LabelingConfig {
  display: readonly DisplayPart[]
  question: Question
}

type Node = { tag: string; attributes: Record<string, string>; children: Node[] }

const MAX_DEPTH = 20
const parser = new XMLParser({
  preserveOrder: true,
  ignoreAttributes: false,
  attributeNamePrefix: '',
  parseAttributeValue: false,
  processEntities: true,
  ignoreDeclaration: true,
})

/**
 * Reads a Label Studio labeling config with one single-choice question over text and images.
 * Tags and attributes match case-insensitively, as in the wild.
 * Throws `labeling-config-invalid` for broken XML and wiring, `labeling-config-unsupported` naming the tag.
 */
export function parseLabelingConfig(xml: string): LabelingConfig {
  const root = readTree(xml)
  const display: DisplayPart[] = []
  const questions: Question[] = []
  visit(root, display, questions, 0)
  if (questions.length !== 1) {
    throw new TaggerError(
      'labeling-config-unsupported',
      `A labeling config needs exactly one Choices question, this one has ${questions.length}`,
      {
        hints: [
          'Ask one question per campaign; several questions over the same items are several campaigns.',
        ],
      },
    )
  }
  const question = questions[0]!
  if (!display.some((part) => part.tag !== 'Header' && part.name === question.toName)) {
    throw invalid(
      `Choices "${question.name}" has toName="${question.toName}", but no Text or Image has that name`,
    )
  }
  return { display, question }
}

/** Keys of the item data that the config shows: what an upload must provide. */
export function requiredDataKeys(config: LabelingConfig): string[] {
  return config.display.filter((part) => !part.isLiteral).map((part) => part.value)
}

function visit(node: Node, display: DisplayPart[], questions: Question[], depth: number): void {
  if (depth > MAX_DEPTH) throw invalid(`Tags are nested deeper than ${MAX_DEPTH}`)
  switch (node.tag) {
    case 'view':
      for (const child of node.children) visit(child, display, questions, depth + 1)
      return
    case 'header':
      display.push(displayPart('Header', node))
      return
    case 'text':
    case 'image':
      display.push(displayPart(node.tag === 'text' ? 'Text' : 'Image', node))
      return
    case 'choices':
      questions.push(readQuestion(node))
      return
    default:
      throw new TaggerError('labeling-config-unsupported', `The tag <${node.tag}> is not supported yet`, {
        hints: ['Supported today: View, Header, Text, Image, Choices, Choice.'],
      })
  }
}

function displayPart(tag: DisplayPart['tag'], node: Node): DisplayPart {
  const value = node.attributes.value ?? ''
  if (value === '') throw invalid(`<${tag}> needs a value`)
  const isLiteral = !value.startsWith('$')
  if (tag !== 'Header' && isLiteral) throw invalid(`<${tag}> needs value="$key", a key of the item's data`)
  return { tag, name: node.attributes.name ?? '', value: isLiteral ? value : value.slice(1), isLiteral }
}

function readQuestion(node: Node): Question {
  const { name = '', toname: toName = '', choice: mode = 'single' } = node.attributes
  if (name === '' || toName === '') throw invalid('<Choices> needs name and toName')
  if (mode !== 'single' && mode !== 'single-radio') {
    throw new TaggerError('labeling-config-unsupported', `<Choices choice="${mode}"> is not supported yet`, {
      hints: ['Use choice="single".'],
    })
  }
  const choices = node.children.map((child, index): Choice => {
    if (child.tag !== 'choice' || child.children.length > 0) {
      throw new TaggerError(
        'labeling-config-unsupported',
        `<Choices> may only hold flat <Choice> tags for now`,
      )
    }
    const value = child.attributes.alias ?? child.attributes.value ?? ''
    if (value === '') throw invalid(`Choice ${index + 1} of "${name}" has no value`)
    return {
      value,
      label: child.attributes.value ?? value,
      hotkey: child.attributes.hotkey ?? hotkeyAt(index),
    }
  })
  if (choices.length < 2 || choices.length > 100) throw invalid(`"${name}" needs 2 to 100 choices`)
  if (new Set(choices.map((entry) => entry.value)).size !== choices.length) {
    throw invalid(`"${name}" has two choices of the same value`)
  }
  return { name, toName, choices }
}

function hotkeyAt(index: number): string {
  return index < 9 ? String(index + 1) : index < 35 ? String.fromCharCode(97 + index - 9) : ''
}

function readTree(xml: string): Node {
  // A document type could define entities; no labeling config has a use for one.
  if (/<!DOCTYPE|<!ENTITY/i.test(xml)) throw invalid('Document types and entities are not allowed')
  const validation = XMLValidator.validate(xml)
  if (validation !== true) throw invalid(`Line ${validation.err.line}: ${validation.err.msg}`)
  const roots = (parser.parse(xml) as RawNode[]).map(toNode).filter((node): node is Node => node !== null)
  const [root] = roots
  if (roots.length !== 1 || root === undefined || root.tag !== 'view')
    throw invalid('The root tag must be <View>')
  return root
}

type RawNode = { ':@'?: Record<string, string> } & Record<string, unknown>

/** From the parser's ordered form; text and comments carry nothing a choice question needs. */
function toNode(raw: RawNode): Node | null {
  const tag = Object.keys(raw).find((key) => key !== ':@')
  if (tag === undefined || tag.startsWith('#') || tag.startsWith('?')) return null
  const attributes: Record<string, string> = {}
  for (const [key, value] of Object.entries(raw[':@'] ?? {})) attributes[key.toLowerCase()] = String(value)
  const children = (raw[tag] as RawNode[]).map(toNode).filter((node): node is Node => node !== null)
  return { tag: tag.toLowerCase(), attributes, children }
}

function invalid(message: string): TaggerError {
  return new TaggerError('labeling-config-invalid', `Labeling config: ${message}`)
}
