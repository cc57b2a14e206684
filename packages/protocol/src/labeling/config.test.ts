import { describe, expect, test } from 'vitest'
import { specWith } from '../../test/simulated-campaign.ts'
import { TaggerError } from '../errors.ts'
import type { WorkRecord } from '../records/work-record.ts'
import { parseLabelingConfig, requiredDataKeys } from './config.ts'
import { checkBody, labelOf, questionOf } from './labels.ts'

const choices = '<Choice value="Positive"/><Choice value="Negative" alias="neg" hotkey="n"/>'
const config = (inner: string) => `<View>${inner}</View>`

test('reads a sentiment template as Label Studio writes it', () => {
  const parsed = parseLabelingConfig(`
    <!-- sentiment -->
    <View style="color: red">
      <Header value="Choose"/>
      <view><text NAME="text" value="$text"/></view>
      <Choices name="sentiment" toName="text" choice="single" showInLine="true">${choices}</Choices>
    </View>
    <!-- {"data": {"text": "sample"}} -->`)
  expect(parsed.question).toEqual({
    name: 'sentiment',
    toName: 'text',
    choices: [
      { value: 'Positive', label: 'Positive', hotkey: '1' },
      { value: 'neg', label: 'Negative', hotkey: 'n' },
    ],
  })
  expect(requiredDataKeys(parsed)).toEqual(['text'])
})

describe('refuses, saying why', () => {
  const text = '<Text name="t" value="$t"/>'
  test.each<[string, string, string]>([
    ['no XML', 'labels: yes, no', 'labeling-config-invalid'],
    ['a broken tag', config('<Text'), 'labeling-config-invalid'],
    ['another root', '<Div></Div>', 'labeling-config-invalid'],
    ['an entity bomb', `<!DOCTYPE x [<!ENTITY a "aaaa">]>${config(text)}`, 'labeling-config-invalid'],
    [
      'a dangling toName',
      config(`${text}<Choices name="q" toName="x">${choices}</Choices>`),
      'labeling-config-invalid',
    ],
    [
      'one choice',
      config(`${text}<Choices name="q" toName="t"><Choice value="a"/></Choices>`),
      'labeling-config-invalid',
    ],
    [
      'twin choices',
      config(`${text}<Choices name="q" toName="t"><Choice value="a"/><Choice value="a"/></Choices>`),
      'labeling-config-invalid',
    ],
    [
      'a literal text',
      config(`<Text name="t" value="hello"/><Choices name="q" toName="t">${choices}</Choices>`),
      'labeling-config-invalid',
    ],
    ['an unknown tag', config('<HyperText name="h" value="$h"/>'), 'labeling-config-unsupported'],
    [
      'several answers',
      config(`${text}<Choices name="q" toName="t" choice="multiple">${choices}</Choices>`),
      'labeling-config-unsupported',
    ],
    ['no question', config(text), 'labeling-config-unsupported'],
    ['a bottomless nest', `${'<View>'.repeat(50)}${'</View>'.repeat(50)}`, 'labeling-config-invalid'],
  ])('%s', (_, xml, code) => {
    let error: unknown
    try {
      parseLabelingConfig(xml)
    } catch (caught) {
      error = caught
    }
    expect(error).toBeInstanceOf(TaggerError)
    expect((error as TaggerError).code).toBe(code)
  })
})

test('an answer names the question and exactly one of its labels', () => {
  const spec = specWith()
  const record = (body: unknown, kind = 'annotation') => ({ kind, body, seq: 1 }) as WorkRecord
  const good = record({ answer: { label: ['yes'] } })
  checkBody(good, spec)
  expect(labelOf(good, spec)).toBe('yes')
  for (const answer of [
    {},
    { label: [] },
    { label: ['yes', 'no'] },
    { label: ['maybe'] },
    { other: ['yes'] },
  ]) {
    expect(() => checkBody(record({ answer }), spec)).toThrow(/does not answer/)
  }
  expect(() => checkBody(record({ verdict: 'reject', answer: null, reason: ' ' }, 'review'), spec)).toThrow(
    /reason/,
  )
  expect(() => checkBody(record({ verdict: 'fix', answer: null, reason: '' }, 'review'), spec)).toThrow(
    /must be given/,
  )
  expect(() => checkBody(record({ mediaType: 'text/plain', bytes: 1 }, 'submission'), spec)).toThrow(
    /no submissions/,
  )
})

test('the config of a spec is read once, however often its question is asked', () => {
  const spec = specWith({})
  expect(questionOf(spec)).toBe(questionOf(spec))
  expect(questionOf({ ...spec, labelingConfig: spec.labelingConfig.replaceAll('yes', 'sure') })).not.toBe(
    questionOf(spec),
  )
})
