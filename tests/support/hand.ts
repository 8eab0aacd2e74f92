import type { Locator, Page } from 'playwright-core'

export type Spot = { x: number; y: number }

/** The middle of what is on screen. */
export const middleOf = async (of: Locator): Promise<Spot> => {
  const box = await of.boundingBox()
  if (!box) throw new Error('It is not on screen.')
  return { x: box.x + box.width / 2, y: box.y + box.height / 2 }
}

/** Drags with the mouse, slowly enough for the page to see the way. */
export const drag = async (page: Page, from: Spot, to: Spot, { drop = true } = {}): Promise<void> => {
  await page.mouse.move(from.x, from.y)
  await page.mouse.down()
  for (let step = 1; step <= 8; step += 1)
    await page.mouse.move(from.x + ((to.x - from.x) * step) / 8, from.y + ((to.y - from.y) * step) / 8)
  if (drop) await page.mouse.up()
}

export const nodeOf = (page: Page, id: string): Locator => page.locator(`[data-node="${id}"]`)
/** The place at a node's border where a cable is pulled or plugged. */
export const portOf = (page: Page, ref: string, side: 'input' | 'output'): Locator =>
  page.locator(`[data-port="${ref}"][data-side="${side}"] .port-handle`)

/** Chooses a node type in the open palette by typing. */
export const choose = async (page: Page, name: string): Promise<void> => {
  await page.locator('.palette input').fill(name)
  await page.keyboard.press('Enter')
  await page.locator('.palette').waitFor({ state: 'detached' })
}

/** Waits until the edits are on the server. */
export const saved = (page: Page): Promise<void> => page.locator('[data-save="saved"]').waitFor()
