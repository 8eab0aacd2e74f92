/** Splits a path or glob into its parts; `./` in front is dropped. NFC, because macOS hands out decomposed Korean names. */
const partsOf = (path: string): string[] =>
  path
    .normalize('NFC')
    .split('/')
    .filter((part) => part !== '.' && part !== '')

/** Whether one name fits a pattern of `*` and `?`. Goes back to the last star only, so it never takes exponential time. */
const nameFits = (pattern: readonly string[], name: readonly string[]): boolean => {
  if (name[0] === '.' && pattern[0] !== '.') return false
  let at = 0
  let read = 0
  let star = -1
  let kept = 0
  while (read < name.length) {
    if (pattern[at] === '*') {
      star = at++
      kept = read
    } else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[read])) {
      at++
      read++
    } else if (star >= 0) {
      at = star + 1
      read = ++kept
    } else return false
  }
  while (pattern[at] === '*') at++
  return at === pattern.length
}

/** The same one level up, where `**` is the star and names are the letters. Hidden folders are not walked by `**`. */
const pathFits = (pattern: readonly (readonly string[] | '**')[], names: readonly string[][]): boolean => {
  let at = 0
  let read = 0
  let star = -1
  let kept = 0
  while (read < names.length) {
    const part = pattern[at]
    const name = names[read] as string[]
    if (part === '**') {
      star = at++
      kept = read
    } else if (part !== undefined && nameFits(part, name)) {
      at++
      read++
    } else if (star >= 0 && names[kept]?.[0] !== '.') {
      at = star + 1
      read = ++kept
    } else return false
  }
  while (pattern[at] === '**') at++
  return at === pattern.length
}

/**
 * The paths that at least one glob matches, sorted by code unit and each once. `*` and `?` stay inside a name, `**` spans folders;
 * names that start with a dot are only matched by a pattern that does too.
 * @example matchFiles(['./handbook/**\/*.md'], paths)
 */
export const matchFiles = (globs: readonly string[], paths: readonly string[]): string[] => {
  const patterns = globs.map((glob) => partsOf(glob).map((part) => (part === '**' ? '**' : [...part])))
  return [...new Set(paths)]
    .filter((path) => {
      const names = partsOf(path).map((name) => [...name])
      return patterns.some((pattern) => pathFits(pattern, names))
    })
    .sort()
}
