interface Observation {
  method: string
  route: string
  status: number
  seconds: number
}

/** Counts of HTTP requests by route and status, and the time they took. */
export class HttpMetrics {
  readonly #counts = new Map<string, { requests: number; seconds: number }>()

  count({ method, route, status, seconds }: Observation): void {
    const labels = `method="${method}",route="${route.replace(/[\\"\n]/g, '_')}",status="${status}"`
    const entry = this.#counts.get(labels) ?? { requests: 0, seconds: 0 }
    entry.requests++
    entry.seconds += seconds
    this.#counts.set(labels, entry)
  }

  lines(): string[] {
    const entries = [...this.#counts]
    return [
      '# TYPE tagger_http_requests_total counter',
      ...entries.map(([labels, { requests }]) => `tagger_http_requests_total{${labels}} ${requests}`),
      '# TYPE tagger_http_request_seconds_total counter',
      ...entries.map(
        ([labels, { seconds }]) => `tagger_http_request_seconds_total{${labels}} ${seconds.toFixed(3)}`,
      ),
    ]
  }
}

/** Gauges in Prometheus' text form. */
export function gaugeLines(gauges: Record<string, number>): string[] {
  return Object.entries(gauges).flatMap(([name, value]) => [`# TYPE ${name} gauge`, `${name} ${value}`])
}
