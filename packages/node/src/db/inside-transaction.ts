import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Notices a query on the outer handle from inside a transaction. With a single connection it would wait for the
 * transaction that waits for it, for ever and without a word.
 */
export class InsideTransaction {
  readonly #current = new AsyncLocalStorage<{ active: boolean }>()

  async run<T>(work: () => Promise<T>): Promise<T> {
    const mark = { active: true }
    try {
      return await this.#current.run(mark, work)
    } finally {
      mark.active = false
    }
  }

  refuse(): void {
    if (this.#current.getStore()?.active) {
      throw new Error('Inside a transaction use only the handle it gives: this query would wait for itself')
    }
  }
}
