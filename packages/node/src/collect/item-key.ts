import { parseLabelingConfig, requiredDataKeys, type Spec, TaggerError } from '@tagger/protocol'

/** What of an item's data a campaign shows. */
export interface ShownData {
  /** Keys every item must have. */
  keys: readonly string[]
  /** The key a text or an image stands under when the item is nothing but that; null when a row is needed. */
  contentKey: string | null
}

type SpecPart = Pick<Spec, 'kind' | 'modality' | 'labelingConfig'>

/**
 * The keys workers see. A collect campaign shows each submission whole, under the name of its modality.
 * Throws `spec-invalid` when the labeling config shows what the modality does not have.
 */
export function shownDataOf({ kind, modality, labelingConfig }: SpecPart): ShownData {
  if (kind === 'collect') return { keys: [modality], contentKey: modality }
  const config = parseLabelingConfig(labelingConfig)
  const keys = [...new Set(requiredDataKeys(config))]
  const foreign = config.display.find((part) => part.tag === (modality === 'image' ? 'Text' : 'Image'))
  if (foreign !== undefined || (modality === 'image' && keys.length !== 1)) {
    throw new TaggerError(
      'spec-invalid',
      `This labeling config does not fit items of modality "${modality}"`,
      {
        hints:
          modality === 'image'
            ? ['Show one <Image value="$key"/> and no other data: each item is one image file.']
            : ['Show <Text value="$key"/>, or set the modality to "image".'],
      },
    )
  }
  return { keys, contentKey: keys.length === 1 ? keys[0]! : null }
}
