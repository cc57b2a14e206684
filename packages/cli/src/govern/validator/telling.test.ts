import { TaggerError } from '@tagger/protocol'
import { expect, test } from 'vitest'
import type { Voice } from '../../output.ts'
import { createTelling } from './telling.ts'

function listen(isJson: boolean) {
  const heard: unknown[] = []
  const voice: Voice = {
    say: (line) => void heard.push(line),
    result: (document) => void heard.push(document),
    progress: () => ({ update() {}, end() {} }),
  }
  return { heard, telling: createTelling(voice, isJson) }
}

test('trouble is told once for each reason, with what to do, and so is its end', () => {
  const { heard, telling } = listen(false)
  const noGas = new TaggerError('transaction-failed', 'the account has no gas', { hints: ['Send some.'] })
  telling.trouble('a', 'Revealing the vote', noGas)
  telling.trouble('a', 'Revealing the vote', noGas)
  telling.trouble('b', 'Counting the votes', noGas)
  expect(heard).toHaveLength(2)
  expect(heard[0]).toMatch(
    /^\d{4}-\S+Z Revealing the vote: the account has no gas. Send some. It is tried again.$/,
  )
  telling.trouble('a', 'Revealing the vote', new Error('something else'))
  expect(heard).toHaveLength(3)
  telling.works('a', 'Revealing the vote')
  telling.works('a', 'Revealing the vote')
  expect(heard).toHaveLength(4)
  telling.trouble('a', 'Revealing the vote', noGas)
  expect(heard).toHaveLength(5)
})

test('programs get documents', () => {
  const { heard, telling } = listen(true)
  telling.tell('checked', 'in words', { batch: '0x12', seconds: 1 })
  expect(heard).toEqual([{ at: expect.any(String), event: 'checked', batch: '0x12', seconds: 1 }])
})
