export type Level = 'info' | 'warn' | 'error'
export type Log = (level: Level, message: string, fields?: Record<string, unknown>) => void

const plain = (value: unknown): unknown =>
  value instanceof Error ? { message: value.message, stack: value.stack, cause: plain(value.cause) } : value

/** One line of JSON per event on stderr, so that stdout stays for what people read. */
export const createLog =
  (write: (line: string) => void = (line) => process.stderr.write(`${line}\n`)): Log =>
  (level, message, fields = {}) =>
    write(
      JSON.stringify({
        at: new Date().toISOString(),
        level,
        message,
        ...Object.fromEntries(Object.entries(fields).map(([name, value]) => [name, plain(value)])),
      }),
    )
