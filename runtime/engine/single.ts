/** Runs `work` one at a time. */
export const single = (work: () => Promise<void>) => {
  let running: Promise<void> | undefined
  let wanted = false
  /** Joins the run under way, or begins one. */
  const once = (): Promise<void> => {
    running ??= work().finally(() => {
      running = undefined
      if (wanted) again()
    })
    return running
  }
  /** Makes sure that a run begins after this call; several calls meanwhile are one. */
  const again = (): void => {
    wanted = running !== undefined
    if (!wanted) void once()
  }
  return { once, again, idle: async () => running }
}
