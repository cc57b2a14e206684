import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { errorsAbi } from '../abi/index.ts'
import { generate, staleFiles } from '../scripts/abi-files.ts'
import { withoutCounters } from './measured.ts'

describe('abi', () => {
  it(
    'is what the sources compile to (else run `npm run build -w @tagger/contracts`)',
    withoutCounters,
    async () => {
      assert.deepEqual(await staleFiles(await generate()), [])
    },
  )

  it('gives every error one meaning', () => {
    const names = errorsAbi.map((item) => item.name)
    assert.equal(new Set(names).size, names.length)
  })
})
