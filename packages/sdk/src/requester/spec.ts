import { METHOD_VERSIONS, MILLION, type Spec } from '@tagger/protocol'

/** A choice question in words; {@link choicesConfig} writes the labeling config. */
export interface ChoiceQuestion {
  question: string
  labels: readonly string[]
  /** Key of the item data that is shown; a column of the upload. */
  show?: string
  modality?: 'text' | 'image'
}

/** What a requester says; everything left out has a sound default. */
export type SpecInput = Partial<Omit<Spec, 'items' | 'gold'>> & { title: string } & (
    | { labelingConfig: string }
    | ({ kind?: 'annotate' } & ChoiceQuestion)
    | { kind: 'collect' }
  )

/** A Label Studio config that shows one text or image and asks one choice about it. */
export function choicesConfig({ question, labels, show, modality = 'text' }: ChoiceQuestion): string {
  const [tag, key] = modality === 'image' ? ['Image', show ?? 'image'] : ['Text', show ?? 'text']
  return [
    '<View>',
    `  <${tag} name="item" value="$${escapeXml(key)}"/>`,
    `  <Header value="${escapeXml(question)}"/>`,
    '  <Choices name="answer" toName="item" choice="single">',
    ...labels.map((label) => `    <Choice value="${escapeXml(label)}"/>`),
    '  </Choices>',
    '</View>',
  ].join('\n')
}

/** Rises slowly at first: who looks at a third of the items must not earn a third of the pay (docs/incentives.md). */
const LOOKED: Spec['reward']['qualityCurve'] = [
  [300_000, 0],
  [600_000, 300_000],
  [MILLION, MILLION],
]
/** Contributions are paid in full when reviewers are as sure as one or two of them can be. */
const CONTRIBUTED: Spec['reward']['qualityCurve'] = [
  [300_000, 0],
  [800_000, MILLION],
]

/** The whole spec without items, which the node fills in from the upload. */
export function completeSpec(input: SpecInput): Omit<Spec, 'items' | 'gold'> & { items: null; gold: null } {
  const kind = input.kind ?? 'annotate'
  const modality = input.modality ?? 'text'
  const config =
    input.labelingConfig ??
    ('labels' in input && 'question' in input ? choicesConfig({ ...input, modality }) : '')
  return {
    v: 1,
    kind,
    modality,
    title: input.title,
    instructions: input.instructions ?? ('question' in input ? input.question : input.title),
    languages: input.languages ?? ['en'],
    tags: input.tags ?? [],
    labelingConfig: config,
    items: null,
    intake: input.intake ?? (kind === 'collect' ? defaultIntake(modality) : null),
    redundancy: input.redundancy ?? { min: 3, max: 5, targetConfidence: 900_000 },
    gold: null,
    review: input.review ?? { reviews: kind === 'collect' ? 1 : 0 },
    eligibility: input.eligibility ?? { accounts: [], reviewers: [] },
    reward: input.reward ?? {
      version: 2,
      difficulty: { min: MILLION, max: 1_500_000 },
      qualityCurve: kind === 'collect' ? CONTRIBUTED : LOOKED,
      reviewShare: 500_000,
    },
    consensus: input.consensus ?? { method: 'auto', version: METHOD_VERSIONS.auto },
    batch: input.batch ?? { periodSeconds: 60, minItems: 1, maxItems: 1_000 },
    rights: input.rights ?? { license: 'CC-BY-4.0', uses: ['training', 'evaluation'] },
    visibility: 'public',
    privacy: input.privacy ?? { controller: '', processor: '' },
  }
}

function defaultIntake(modality: 'text' | 'image'): NonNullable<Spec['intake']> {
  return {
    mediaTypes: modality === 'text' ? ['text/plain'] : ['image/png', 'image/jpeg', 'image/webp', 'image/gif'],
    maxBytes: 5_000_000,
    maxItems: 1_000,
    maxPerContributor: 1_000,
  }
}

function escapeXml(text: string): string {
  return text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
}
