/** The call itself is wrong: options, files or inputs. The process ends with code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** What the process ends with. */
export const exitCodes = { ok: 0, failed: 1, usage: 2, waiting: 3 } as const
