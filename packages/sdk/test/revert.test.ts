import { BaseError } from 'viem'
import { expect, test } from 'vitest'
import { explainChainError } from '../src/chain/revert.ts'

test('a refusal that the node only names by its selector is told by its name', () => {
  const error = new BaseError('Execution reverted.', {
    details: 'execution reverted: custom error 0xa009257e: 00',
  })
  const explained = explainChainError(error, 'Collecting the fees')
  expect(explained.message).toBe('Collecting the fees was refused: nothing to collect')
  expect(explained.data.error).toBe('NothingToCollect')
})

test('an unknown selector is passed on as the chain says it', () => {
  const error = new BaseError('Execution reverted.', {
    details: 'execution reverted: custom error 0xdeadbeef',
  })
  expect(explainChainError(error, 'Claiming')).toMatchObject({
    code: 'transaction-failed',
    message: 'Claiming failed: Execution reverted.',
  })
})
