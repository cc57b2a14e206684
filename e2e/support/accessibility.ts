import axe from 'axe-core'
import type { Page } from 'playwright-core'

export const SCHEMES = ['light', 'dark'] as const

/** Serious and critical faults of the page as it stands, in the scheme it is in; one line each. */
export async function findFaults(page: Page): Promise<string[]> {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  await settleDown(page)
  const { violations } = await page.evaluate(() =>
    (window as unknown as { axe: typeof axe }).axe.run(document, { resultTypes: ['violations'] }),
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, nodes }) =>
      nodes.map(({ target, any, all }) => {
        const why = [...any, ...all][0]?.message ?? ''
        return `${id} at ${target.join(' ')}: ${why}`
      }),
    )
}

/** Waits until nothing fades any more: a color half way is no color of ours. */
export async function settleDown(page: Page): Promise<void> {
  // Transitions begin with the frame after the change that causes them.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))))
  await page.waitForFunction(() =>
    document
      .getAnimations()
      .every((animation) => animation.effect?.getTiming().iterations === Number.POSITIVE_INFINITY),
  )
}
