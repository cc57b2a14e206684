import { labelsOf, parseSpec } from '@tagger/protocol'
import { expect, test } from 'vitest'
import { choicesConfig, completeSpec } from '../src/requester/spec.ts'

const items = { root: `0x${'11'.repeat(32)}`, count: 3 }

test('a title, a question and labels make a whole spec', () => {
  const spec = completeSpec({ title: 'Mood', question: 'How does it sound?', labels: ['good', 'bad'] })
  expect(labelsOf(parseSpec({ ...spec, items }))).toEqual(['good', 'bad'])
})

test('a collect campaign needs no question', () => {
  const spec = parseSpec(completeSpec({ title: 'Photos of doors', kind: 'collect', modality: 'image' }))
  expect(spec.intake?.mediaTypes).toContain('image/png')
})

test('questions and labels cannot break out of the config', () => {
  const hostile = '"/><Choice value="x"/> & <b>'
  const spec = completeSpec({
    title: 'T',
    labelingConfig: choicesConfig({ question: hostile, labels: [hostile, 'b'] }),
  })
  expect(labelsOf(parseSpec({ ...spec, items }))).toEqual([hostile, 'b'])
})
