import { join } from 'node:path'
import { build, type Rolldown } from 'vite'
import { expect, test } from 'vitest'
import { launchBrowser } from './support/browser.ts'

const PROTOCOL = join(import.meta.dirname, '../packages/protocol')

/** The replay of the golden vectors with all it needs, as one script that sets `window.vectors`. */
async function bundleReplay(): Promise<string> {
  const bundled = (await build({
    configFile: false,
    logLevel: 'error',
    build: {
      write: false,
      minify: false,
      lib: { entry: join(PROTOCOL, 'test/golden-vectors.ts'), name: 'vectors', formats: ['iife'] },
    },
  })) as Rolldown.RolldownOutput[]
  return bundled[0]!.output[0].code
}

test('Chromium gives the bits of the golden vectors, as Node and Python do', async () => {
  const script = await bundleReplay()
  const browser = await launchBrowser()
  try {
    const page = await browser.newPage()
    await page.addScriptTag({ content: script })
    const outcome = await page.evaluate('vectors.replayVectors()')
    expect(outcome).toMatchObject({ wrong: [] })
    expect((outcome as { replayed: number }).replayed).toBeGreaterThan(1700)
  } finally {
    await browser.close()
  }
})
