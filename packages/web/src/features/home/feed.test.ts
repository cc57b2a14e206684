import { describe, expect, it } from 'vitest'
import type { Activity } from '../../lib/queries.ts'
import { foldFeed } from './feed.ts'

const activity = (type: Activity['type'], campaignId: string, records?: number): Activity => ({
  id: `${type} ${campaignId}`,
  time: '2026-01-01T00:00:00Z',
  type,
  campaignId: campaignId as Activity['campaignId'],
  data: records === undefined ? {} : { records: String(records) },
})

describe('foldFeed', () => {
  it('tells a run of the same thing once, with its sum', () => {
    const folded = foldFeed([
      activity('records-accepted', '0xa', 2),
      activity('records-accepted', '0xa', 3),
      activity('claimed', '0xa'),
      activity('records-accepted', '0xa', 1),
    ])
    expect(folded.map(({ latest, times, records }) => [latest.type, times, records])).toEqual([
      ['records-accepted', 2, 5],
      ['claimed', 1, 0],
      ['records-accepted', 1, 1],
    ])
  })

  it('keeps campaigns apart', () => {
    expect(foldFeed([activity('claimed', '0xa'), activity('claimed', '0xb')])).toHaveLength(2)
  })
})
