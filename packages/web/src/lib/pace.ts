/** Fewer answers than this say nothing about how long one takes. */
const FEWEST = 5

/** Seconds an answer takes in this campaign, null while too few were given to tell. */
export function paceOf(campaign: { secondsPerRecord: number | null; records: number }): number | null {
  return campaign.records < FEWEST ? null : campaign.secondsPerRecord
}
