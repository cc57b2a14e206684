/** Seconds since epoch, as the chain has them, as the API writes times. */
export function isoTime(seconds: number): string {
  return new Date(seconds * 1000).toISOString()
}
