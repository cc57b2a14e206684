import type { Mask } from './mask.ts'
import { maskConsensus } from './masks.ts'
import type { FoundObject, ObjectConsensus } from './object-consensus.ts'
import { type Labeled, MOST_OBJECTS, type ObjectAnswer } from './objects.ts'
import { outlineOf } from './outline.ts'
import type { Polygon } from './polygon.ts'
import { rasterize } from './raster.ts'

/** Width and height of an item's image in pixels. */
export interface ImageSize {
  readonly width: number
  readonly height: number
}

/** Corners of a result lie at most this many pixels off the edge of its mask. */
const TOLERANCE = 1

/**
 * The consensus of polygons (corners in pixels) is that of the masks they cover; results are outlines of the masks.
 * What cannot be drawn (see {@link rasterize}) is as if not marked.
 * @param sizeOf the image of an item.
 */
export function polygonConsensus(
  answers: readonly ObjectAnswer<Polygon>[],
  sizeOf: (item: string) => ImageSize,
  known?: ReadonlyMap<string, readonly Labeled<Polygon>[]>,
): ObjectConsensus<Polygon> & { readonly masks: ObjectConsensus<Mask>['items'] } {
  const drawn = (item: string, objects: readonly Labeled<Polygon>[]): Labeled<Mask>[] => {
    const { width, height } = sizeOf(item)
    return objects.map(({ label, shape }, index) => {
      const mask = index < MOST_OBJECTS ? rasterize(shape, width, height) : null
      return { label, shape: mask ?? { width, height, runs: [] } }
    })
  }
  const { items, quality } = maskConsensus(
    answers.map((answer) => ({ ...answer, objects: drawn(answer.item, answer.objects) })),
    known && new Map([...known].map(([item, objects]) => [item, drawn(item, objects)])),
  )
  const outlined = (found: FoundObject<Mask>): FoundObject<Polygon> => ({
    ...found,
    shape: outlineOf(found.shape, TOLERANCE),
  })
  return {
    items: new Map([...items].map(([item, found]) => [item, found.map(outlined)])),
    masks: items,
    quality,
  }
}
