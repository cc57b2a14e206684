import { TaggerError } from '@tagger/protocol'

/** Reads from the chain. Throws `chain-unreachable`. */
export async function fromChain<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read()
  } catch (cause) {
    throw new TaggerError('chain-unreachable', 'The chain does not answer', {
      hints: ['Try again shortly; the node reconnects by itself.'],
      cause,
    })
  }
}
