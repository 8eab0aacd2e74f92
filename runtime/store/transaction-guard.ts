import { AsyncLocalStorage } from 'node:async_hooks'

/**
 * Finds the outer database used inside a transaction. On PGlite such a query waits for the transaction that waits for
 * it; on PostgreSQL it silently runs outside. One guard per database.
 */
export const transactionGuard = () => {
  const inside = new AsyncLocalStorage<{ open: boolean }>()
  return {
    enter: async <T>(work: () => Promise<T>): Promise<T> => {
      const transaction = { open: true }
      try {
        return await inside.run(transaction, work)
      } finally {
        // Timers begun inside live on afterwards, and may use the database then.
        transaction.open = false
      }
    },
    check: () => {
      if (inside.getStore()?.open)
        throw new Error('The outer database was used inside a transaction. Use the `query` that the transaction gives.')
    },
  }
}
