/** `38 ms`, `8.8 s`, `1:09`, `2:05:00`: the same in every language, made to line up. */
export const duration = (ms: number): string => {
  if (ms < 999.5) return `${Math.round(ms)} ms`
  if (ms < 59_950) return `${(ms / 1000).toFixed(1)} s`
  const seconds = Math.round(ms / 1000)
  const two = (value: number) => String(value).padStart(2, '0')
  const hours = Math.floor(seconds / 3600)
  const minutes = Math.floor(seconds / 60) % 60
  return hours > 0 ? `${hours}:${two(minutes)}:${two(seconds % 60)}` : `${minutes}:${two(seconds % 60)}`
}

/** `812`, `31.2k`, `1.6M`. */
export const compact = (count: number): string => {
  if (count < 1_000) return String(count)
  if (count < 999_950) return `${(count / 1_000).toFixed(1)}k`
  return `${(count / 1_000_000).toFixed(1)}M`
}

/** `512 B`, `3.4 kB`, `1.2 MB`. */
export const bytes = (count: number): string => {
  const units = ['B', 'kB', 'MB', 'GB'] as const
  const step = Math.min(units.length - 1, Math.floor(Math.log10(Math.max(count, 1)) / 3))
  const value = count / 1000 ** step
  return `${step === 0 ? value : value.toFixed(1)} ${units[step]}`
}

const spans = [
  ['year', 365 * 86_400],
  ['month', 30 * 86_400],
  ['week', 7 * 86_400],
  ['day', 86_400],
  ['hour', 3_600],
  ['minute', 60],
] as const

/** `3 minutes ago`, `어제`; below a minute: `now`, `지금`. */
export const relativeTime = (iso: string, language: string, now: number = Date.now()): string => {
  const seconds = Math.max(0, (now - Date.parse(iso)) / 1000)
  const [unit, length] = spans.find(([, length]) => seconds >= length) ?? (['second', 1] as const)
  const value = unit === 'second' ? 0 : -Math.floor(seconds / length)
  return new Intl.RelativeTimeFormat(language, { numeric: 'auto' }).format(value, unit)
}

/** The moment in full, for tooltips: `23 Nov 2026, 14:02:07`. */
export const moment = (iso: string, language: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(iso))

/** The time of day, for lists of one day. */
export const clock = (iso: string, language: string): string =>
  new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hourCycle: 'h23' }).format(new Date(iso))
