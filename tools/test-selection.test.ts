import { expect, test } from 'vitest'
import { selectFiles, withoutFaults } from './test-selection.ts'

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

test('the room of the node leaves out what kills nodes; naming such a test runs it', () => {
  const kill = 'packages/node/test/settlement-kill.test.ts'
  const found = ['packages/node/test/db/kill.test.ts', kill, files[1]!]
  expect(withoutFaults(found, 'node')).toEqual({ kept: [files[1]], left: found.slice(0, 2) })
  expect(withoutFaults([kill], 'settlement-kill')).toEqual({ kept: [kill], left: [] })
})
