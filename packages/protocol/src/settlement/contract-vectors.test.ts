import { expect, test } from 'vitest'
import { contractVectors } from '../../test/contract-vectors.ts'

// The Solidity tests read the same file. `npx vitest -u` writes it anew: then the contracts must follow.
test('what chain and protocol must agree on is as the golden vectors say', async () => {
  await expect(`${JSON.stringify(contractVectors(), null, 2)}\n`).toMatchFileSnapshot(
    '../../test/vectors/contracts.json',
  )
})
