import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage'
import { particle } from './josa.ts'

/** `{name, josa, 을/를}` leaves this mark behind the value; `joinParticles` replaces it when the value is known. */
const mark = /⟦([^⟧]+)⟧/
const written = /\{\s*(\w+)\s*,\s*josa\s*,\s*([^}\s]+)\s*\}/g

/** Compiles an ICU message in which `{name, josa, 을/를}` is the value with the particle that fits it. */
export const compile = (message: string) => compileMessageOrThrow(message.replace(written, '{$1}⟦$2⟧'))

/** Gives every marked place its particle, by the word that stands before it. */
export const joinParticles = (text: string): string => {
  let joined = text
  for (let found = mark.exec(joined); found; found = mark.exec(joined)) {
    const before = joined.slice(0, found.index)
    joined = before + particle(before, found[1] as string) + joined.slice(found.index + found[0].length)
  }
  return joined
}
