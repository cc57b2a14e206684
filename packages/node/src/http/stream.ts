import { TaggerError } from '@tagger/protocol'

const HEARTBEAT_MS = 15_000
const MAX_WAITING = 1_000
const MAX_OPEN = 2_000

/** Server-sent events that are open now, so that a stopping node can end them. */
export class EventStreams {
  readonly #open = new Set<() => void>()
  readonly #most: number

  constructor(most = MAX_OPEN) {
    this.#most = most
  }

  get size(): number {
    return this.#open.size
  }

  /**
   * A `text/event-stream` response; `subscribe` gets a function that sends one event and returns what stops it.
   * A reader that does not keep up is cut off and reconnects. Throws `unavailable` when too many are open.
   */
  respond(subscribe: (send: (event: { id: string; data: unknown }) => void) => () => void): Response {
    if (this.#open.size >= this.#most) {
      throw new TaggerError('unavailable', 'Too many streams are open on this node', {
        hints: ['Read the list of activity instead, or try again later.'],
      })
    }
    let stop = () => {}
    const body = new ReadableStream<string>(
      {
        start: (controller) => {
          const write = (text: string) => {
            if ((controller.desiredSize ?? 0) <= 0) return end()
            controller.enqueue(text)
          }
          const heartbeat = setInterval(() => write(': still here\n\n'), HEARTBEAT_MS)
          heartbeat.unref()
          const unsubscribe = subscribe(({ id, data }) =>
            write(`id: ${id}\ndata: ${JSON.stringify(data)}\n\n`),
          )
          stop = () => {
            clearInterval(heartbeat)
            unsubscribe()
            this.#open.delete(end)
          }
          const end = () => {
            stop()
            controller.close()
          }
          this.#open.add(end)
          write(': hello\n\n')
        },
        cancel: () => stop(),
      },
      { highWaterMark: MAX_WAITING },
    )
    return new Response(body.pipeThrough(new TextEncoderStream()), {
      headers: {
        'content-type': 'text/event-stream',
        'cache-control': 'no-store',
        'x-accel-buffering': 'no',
      },
    })
  }

  /** Ends every open stream. */
  end(): void {
    for (const end of [...this.#open]) end()
  }
}
