import {
  type Crypto,
  commitGold,
  type GoldEntry,
  type Hex,
  itemsRootOf,
  labelsOf,
  parseSpec,
  type Spec,
  TaggerError,
} from '@tagger/protocol'
import { shownDataOf } from '../collect/item-key.ts'

/** A draft's items as a spec commits to them. */
export interface CommittedItems {
  items: readonly Hex[]
  gold: readonly GoldEntry[]
  /** The different shapes of the items. */
  shapes: readonly { columns: readonly string[] | null; isImage: boolean; items: number }[]
}

/** The whole spec of a draft: what its author wrote, and the roots of its items and of its gold. Throws `spec-invalid`. */
export function composeSpec(
  draft: Record<string, unknown>,
  { items, gold, shapes }: CommittedItems,
  crypto: Crypto,
): Spec {
  const isCollect = draft.kind === 'collect'
  if (!isCollect && items.length === 0) throw invalid('there are no items yet', ['Upload items first.'])
  const spec = parseSpec({
    ...draft,
    intake: draft.intake ?? null,
    items: isCollect ? null : { root: itemsRootOf(items, crypto), count: items.length },
    gold: gold.length === 0 ? null : { root: commitGold(gold, crypto).root, count: gold.length },
  })
  const shown = shownDataOf(spec)
  for (const { columns, isImage, items: count } of shapes) {
    if (isImage !== (spec.modality === 'image')) {
      throw invalid(`${count} items are not of modality "${spec.modality}"`)
    }
    if (columns === null && shown.contentKey === null) {
      throw invalid(
        `${count} items are one text each, but the labeling config shows ${shown.keys.length} keys`,
      )
    }
    const missing = columns === null ? [] : shown.keys.filter((key) => !columns.includes(key))
    if (missing.length > 0) throw invalid(`${count} items have no "${missing.join('", "')}" to show`)
  }
  const labels = labelsOf(spec)
  const foreign = gold.find(({ label }) => !labels.includes(label))
  if (foreign) throw invalid(`a known answer is "${foreign.label}", which is none of the labels`)
  return spec
}

function invalid(
  why: string,
  hints = ['The labeling config was changed after the upload, or the files differ.'],
) {
  return new TaggerError('spec-invalid', `The spec does not fit its items: ${why}`, { hints })
}
