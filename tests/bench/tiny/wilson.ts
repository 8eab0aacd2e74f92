/** Wilson's interval (95 %) for `right` answers of `n`, as shares. */
export const wilson = (right: number, n: number, z = 1.96): [low: number, high: number] => {
  const centre = right / n + (z * z) / (2 * n)
  const spread = z * Math.sqrt(((right / n) * (1 - right / n)) / n + (z * z) / (4 * n * n))
  return [(centre - spread) / (1 + (z * z) / n), (centre + spread) / (1 + (z * z) / n)]
}

const percent = (share: number) => String(Math.round(share * 1_000) / 10)

/** A cell of a table, in percent: `98.5 [97.1–99.3]`. */
export const accuracy = (right: number, n: number): string => {
  const [low, high] = wilson(right, n)
  return `${percent(right / n)} [${percent(low)}–${percent(high)}]`
}
