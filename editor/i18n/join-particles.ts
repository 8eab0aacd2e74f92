import { particle } from './josa.ts'

/** What compile-message.ts leaves behind a value whose particle depends on it. */
const mark = /⟦([^⟧]+)⟧/

/** Gives every marked place its particle, by the word that stands before it. */
export const joinParticles = (text: string): string => {
  let joined = text
  for (let found = mark.exec(joined); found; found = mark.exec(joined)) {
    const before = joined.slice(0, found.index)
    joined = before + particle(before, found[1] as string) + joined.slice(found.index + found[0].length)
  }
  return joined
}
