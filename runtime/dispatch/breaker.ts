export type BreakerSettings = {
  /** Failures in a row that open it. */
  failures: number
  /** Bounds of the time it stays open, doubling, in ms. */
  first: number
  most: number
  /** Unix milliseconds. */
  now: () => number
}
export type Breaker = {
  /** Whether a call may go there. When the time is over, one call tries, and the others wait for how it goes. */
  may: () => boolean
  begin: () => void
  ok: () => void
  fail: (reason: string) => void
  /** A call whose caller left: it proves nothing. */
  left: () => void
  /** Set while calls are kept away: why, and until when (Unix milliseconds). */
  state: () => { reason: string; until: number } | null
}

/** Keeps calls away from what fails time and again, and lets one try from time to time. */
export const createBreaker = ({ failures, first, most, now }: BreakerSettings): Breaker => {
  let inRow = 0
  let opened = 0
  let open: { reason: string; until: number } | null = null
  let probing = false
  return {
    may: () => open === null || (now() >= open.until && !probing),
    begin: () => {
      if (open) probing = true
    },
    ok: () => {
      inRow = 0
      opened = 0
      open = null
      probing = false
    },
    left: () => {
      probing = false
    },
    fail: (reason) => {
      inRow += 1
      probing = false
      if (inRow < failures && !open) return
      // Calls that were under way when it opened fail with it; they are no further reason.
      if (open && now() < open.until) return
      open = { reason, until: now() + Math.min(most, first * 2 ** opened) }
      opened += 1
    },
    state: () => open,
  }
}
