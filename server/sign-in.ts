import { digestOf, randomToken } from './tokens.ts'

/** How long a printed link works. */
const lifetime = 60 * 60 * 1000

export type SignIn = {
  /** A token for one sign-in, to be put into a link. */
  issue: () => string
  /** True once per token. */
  redeem: (token: string) => boolean
}

/** One-time tokens of this process; they need not survive it, since every start prints a new link. */
export const createSignIn = (now: () => number = Date.now): SignIn => {
  const open = new Map<string, number>()
  return {
    issue: () => {
      const token = randomToken()
      open.set(digestOf(token), now() + lifetime)
      return token
    },
    redeem: (token) => {
      const digest = digestOf(token)
      const until = open.get(digest)
      open.delete(digest)
      return until !== undefined && until > now()
    },
  }
}
