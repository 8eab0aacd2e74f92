/** The call itself is wrong: options, files or inputs. The process ends with code 2. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}
