import { expect, test } from 'vitest'
import { selectFiles } from './test-selection.ts'

const files = [
  'e2e/walk.test.ts',
  'packages/node/src/settle/batch.test.ts',
  'packages/protocol/src/settlement/pay.test.ts',
]

test('a room means its own tests, not every path with that word', () => {
  expect(selectFiles([...files, 'packages/node/test/protocol.test.ts'], 'protocol')).toEqual([files[2]])
})

test('any other word means the paths that contain it', () => {
  expect(selectFiles(files, 'Settle')).toEqual([files[1], files[2]])
})

test('no word means everything', () => {
  expect(selectFiles(files, undefined)).toEqual(files)
})
