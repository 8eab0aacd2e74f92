/** Edits of a record whose order is meaning: the order of fields is the order of ports. */
export type Entries<V> = readonly (readonly [string, V])[]

export const renameAt = <V>(entries: Entries<V>, at: number, name: string): Entries<V> =>
  entries.map((entry, index) => (index === at ? [name, entry[1]] : entry))
export const setAt = <V>(entries: Entries<V>, at: number, value: V): Entries<V> =>
  entries.map((entry, index) => (index === at ? [entry[0], value] : entry))
export const removeAt = <V>(entries: Entries<V>, at: number): Entries<V> => entries.filter((_, index) => index !== at)
export const moveBy = <V>(entries: Entries<V>, at: number, step: number): Entries<V> => {
  const to = at + step
  const entry = entries[at]
  if (!entry || to < 0 || to >= entries.length) return entries
  return entries.toSpliced(at, 1).toSpliced(to, 0, entry)
}

/** `field`, `field-2` … as long as the name is taken. */
export const freeName = (entries: Entries<unknown>, wanted: string): string => {
  const taken = new Set(entries.map(([name]) => name))
  let count = 1
  let name = wanted
  while (taken.has(name)) {
    count += 1
    name = `${wanted}-${count}`
  }
  return name
}

const nameRule = /^(?!__proto__$)[\p{L}\p{N}_-]{1,64}$/u

/** What keeps a name from being a port's. */
export const nameProblem = (entries: Entries<unknown>, at: number, name: string): 'taken' | 'shape' | undefined => {
  if (!nameRule.test(name)) return 'shape'
  return entries.some(([other], index) => index !== at && other === name) ? 'taken' : undefined
}
