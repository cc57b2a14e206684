/** One JSON line per event on stderr, or readable text on a terminal. */
export interface Log {
  info(message: string, fields?: Record<string, unknown>): void
  warn(message: string, fields?: Record<string, unknown>): void
  error(message: string, fields?: Record<string, unknown>): void
}

export type LogLevel = 'info' | 'warn' | 'error' | 'silent'
type Level = Exclude<LogLevel, 'silent'>

const ORDER: LogLevel[] = ['info', 'warn', 'error', 'silent']

/** Writes events of at least `level`: readable when `isTerminal`, else one JSON line each. */
export function createLog(options: {
  level: LogLevel
  isTerminal: boolean
  now(): Date
  write(line: string): void
}): Log {
  const print = (level: Level, message: string, fields: Record<string, unknown> = {}) => {
    if (ORDER.indexOf(level) < ORDER.indexOf(options.level)) return
    const time = options.now().toISOString()
    options.write(
      options.isTerminal ? textLine(time, level, message, fields) : jsonLine(time, level, message, fields),
    )
  }
  return {
    info: (message, fields) => print('info', message, fields),
    warn: (message, fields) => print('warn', message, fields),
    error: (message, fields) => print('error', message, fields),
  }
}

function jsonLine(time: string, level: Level, message: string, fields: Record<string, unknown>): string {
  return `${JSON.stringify({ time, level, message, ...fields }, plain)}\n`
}

function textLine(time: string, level: Level, message: string, fields: Record<string, unknown>): string {
  const rest = Object.entries(fields).map(([name, value]) => {
    const shown = plain(name, value)
    return `${name}=${typeof shown === 'string' ? shown : JSON.stringify(shown, plain)}`
  })
  const mark = level === 'info' ? '' : `${level} `
  return `${[time.slice(11, 19), `${mark}${message}`, ...rest].join('  ')}\n`
}

function plain(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return value.toString()
  if (value instanceof Error) return value.stack ?? value.message
  return value
}
