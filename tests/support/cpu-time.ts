/** Milliseconds that this thread computed for `work`: unlike the clock, it does not count what a busy machine does meanwhile. */
export const cpuTime = (work: () => void): number => {
  const before = process.threadCpuUsage()
  work()
  const { user, system } = process.threadCpuUsage(before)
  return (user + system) / 1_000
}
