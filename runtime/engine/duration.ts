const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const

/** Milliseconds of a duration such as `1.5s`; the document's schema has checked its form. */
export const milliseconds = (duration: string): number => {
  const [, number, unit] = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(duration) ?? []
  if (number === undefined) throw new TypeError(`"${duration}" is not a duration. Write a number with ms, s, m or h.`)
  return Number(number) * units[unit as keyof typeof units]
}
