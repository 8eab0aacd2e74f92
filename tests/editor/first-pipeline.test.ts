import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CanvasHouse, openCanvasHouse } from '#tests/support/canvas-house.ts'
import { choose, drag, middleOf, nodeOf, portOf, saved } from '#tests/support/hand.ts'

const template = 'Classify the ticket as billing, bug, account, shipping.\n{{question}}'

/** Clicks "Export as JSON" and hands over the bytes. */
const exported = async (page: Page): Promise<string> => {
  await page.getByRole('button', { name: 'More', exact: true }).first().click()
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'Export as JSON' }).click(),
  ])
  return readFile(await download.path(), 'utf8')
}

describe('a first pipeline', () => {
  let house: CanvasHouse
  let page: Page
  const complaints: string[] = []
  beforeAll(async () => {
    house = await openCanvasHouse()
    page = (await house.draw({ nodes: [], edges: [] })).page
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', ({ message }) => complaints.push(message))
  })
  afterAll(() => house.close())

  it('is wired with the mouse from the palette', async () => {
    await page
      .getByRole('button', { name: /^Add node/ })
      .first()
      .click()
    await choose(page, 'input')
    await nodeOf(page, 'input').waitFor()

    const start = await middleOf(nodeOf(page, 'input'))
    await drag(page, start, { x: 240, y: 300 })
    await drag(page, await middleOf(portOf(page, 'input.question', 'output')), { x: 420, y: 330 })
    await choose(page, 'prompt')
    await drag(page, await middleOf(portOf(page, 'prompt.messages', 'output')), { x: 700, y: 330 })
    await choose(page, 'model')
    await drag(page, await middleOf(portOf(page, 'model.text', 'output')), { x: 980, y: 330 })
    await choose(page, 'output')
    expect(await page.locator('.react-flow__edge').count()).toBe(3)
    await saved(page)
  })

  it('takes the prompt that is typed', async () => {
    await nodeOf(page, 'prompt').click()
    await page.getByRole('textbox', { name: 'Template' }).fill(template)
    await saved(page)
    expect(await page.locator('.template-variable').textContent()).toBe('{{question}}')
  })

  it('runs with local:tiny and shows the streamed answer on the node', async () => {
    await page.getByRole('button', { name: 'Run', exact: true }).click()
    await page.getByRole('textbox', { name: 'question' }).fill('The app crashes when I open the invoice page.')
    await page.keyboard.press('Control+Enter')
    await page.locator('[data-node="output"][data-state="succeeded"]').waitFor()
    expect((await nodeOf(page, 'model').locator('.node-well').textContent())?.trim()).toBe('bug')
  }, 60_000)

  it('is the same, byte for byte, after export, import and export', async () => {
    const first = await exported(page)
    await page.goto('/')
    const [chooser] = await Promise.all([
      page.waitForEvent('filechooser'),
      page.getByRole('button', { name: 'Import' }).click(),
    ])
    await chooser.setFiles({ name: 'first.json', mimeType: 'application/json', buffer: Buffer.from(first) })
    await nodeOf(page, 'model').waitFor()
    expect(await exported(page)).toBe(first)
    expect(first).toContain('"template": "Classify the ticket')
  })

  it('leaves no error in the console of the browser', () => expect(complaints).toEqual([]))
})
