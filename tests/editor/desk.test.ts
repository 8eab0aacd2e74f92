import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CanvasHouse, openCanvasHouse } from '#tests/support/canvas-house.ts'
import { nodeOf, saved } from '#tests/support/hand.ts'
import { answering } from '#tests/support/small-pipelines.ts'

const runButton = (page: Page) => page.locator('[data-transport] button').first()
const withModel = (model: string) => ({
  ...answering,
  nodes: answering.nodes.map((node) => (node.id === 'model' ? { ...node, config: { model, maxTokens: 8 } } : node)),
})

/** Runs the open pipeline with this question and waits for its end. */
const runWith = async (page: Page, question: string): Promise<void> => {
  await runButton(page).click()
  const form = page.getByRole('dialog')
  await form.getByRole('textbox').fill(question)
  await form.getByRole('button', { name: 'Run' }).click()
  await page.locator('[data-node="out"][data-state="succeeded"]').waitFor()
}

/** Writes the setting of a prompt's template anew. */
const retell = async (page: Page, template: string): Promise<void> => {
  await nodeOf(page, 'prompt').locator('.node-title').click()
  await page.getByRole('textbox', { name: 'Template' }).fill(template)
  await page.locator('[data-save="unsaved"], [data-save="saving"]').first().waitFor()
  await saved(page)
}

describe('the desk', () => {
  let house: CanvasHouse
  beforeAll(async () => {
    house = await openCanvasHouse()
  })
  afterAll(() => house.close())

  it('leaves the first node where it is dropped', async () => {
    const { page } = await house.draw({ nodes: [], edges: [] })
    await page.getByRole('button', { name: 'Add node' }).first().click()
    const row = page.locator('.palette [cmdk-item]').first()
    await row.dragTo(page.locator('.react-flow__pane'), { targetPosition: { x: 300, y: 120 } })
    const node = page.locator('[data-node]')
    await node.waitFor()
    await page.waitForTimeout(800)
    const box = await node.boundingBox()
    const pane = await page.locator('.react-flow__pane').boundingBox()
    if (!box || !pane) throw new Error('Nothing is on screen.')
    expect(Math.abs(box.x - (pane.x + 300 - 92))).toBeLessThan(20)
    expect(Math.abs(box.y - (pane.y + 120 - 18))).toBeLessThan(20)
    await page.context().close()
  })

  it('keeps the title of a node in sight that another one grows over in a run', async () => {
    const nodes = answering.nodes.map((node) =>
      node.id === 'out' ? { ...node, at: [560, 150] as [number, number] } : node,
    )
    const { page } = await house.draw({ ...answering, nodes: nodes.toReversed() })
    await nodeOf(page, 'ask').waitFor()
    await runWith(page, 'Repeat this text: bako')
    const [model, out] = await Promise.all(['model', 'out'].map((id) => nodeOf(page, id).boundingBox()))
    const title = await nodeOf(page, 'out').locator('.node-title').boundingBox()
    if (!model || !out || !title) throw new Error('Nothing is on screen.')
    expect(model.y + model.height).toBeGreaterThan(title.y)
    const seen = await page.evaluate(
      ([x, y]) => document.elementFromPoint(x, y)?.closest('[data-node]')?.getAttribute('data-node'),
      [title.x + 10, title.y + title.height / 2] as const,
    )
    expect(seen).toBe('out')
    await page.context().close()
  })

  it('finds a model that can be none before the run, and Run shows where', async () => {
    const { page, id } = await house.draw(withModel('gpt-99'))
    await page.locator('[data-node="model"][data-state="invalid"]').waitFor()
    await page.locator('[data-dock]').getByRole('button', { name: 'Close the dock' }).click()
    await runButton(page).click()
    await page.getByText('Solve this one before a run.').waitFor()
    const problem = page.locator('[data-blocks]').first()
    expect(await problem.textContent()).toContain('"gpt-99" is not a model')
    expect(await problem.evaluate((row) => row.contains(document.activeElement))).toBe(true)
    const { items } = await house.server.call<{ items: unknown[] }>('GET', `/api/runs?pipeline=${id}`)
    expect(items).toEqual([])
    await page.context().close()
  })

  it('marks results as of before a change until the change is taken back', async () => {
    const { page } = await house.draw(answering)
    await nodeOf(page, 'ask').waitFor()
    await runWith(page, 'Repeat this text: bako')
    expect(await page.locator('[data-input-words]').textContent()).toContain('Repeat this text: bako')
    await retell(page, 'Say: {{question}}')
    for (const id of ['prompt', 'model', 'out'])
      expect(await nodeOf(page, id).textContent()).toContain('From before the change')
    expect(await nodeOf(page, 'ask').textContent()).not.toContain('From before the change')
    await page.reload()
    await nodeOf(page, 'model').getByText('From before the change').waitFor()
    await retell(page, '{{question}}')
    await page.locator('[data-node="model"][data-state="succeeded"]').waitFor()
    await page.context().close()
  })

  it('lists a failure until what failed is changed, and says what was never reached', async () => {
    const { page } = await house.draw(withModel('local:nothing'))
    await nodeOf(page, 'ask').waitFor()
    await page.locator('[data-problems]').getByText('"local:nothing" is not here').waitFor()
    await runButton(page).click()
    await page.getByRole('dialog').getByRole('textbox').fill('Hi')
    await page.getByRole('dialog').getByRole('button', { name: 'Run' }).click()
    await page.locator('[data-node="model"][data-state="failed"]').waitFor()
    await page.reload()
    await page.locator('[data-node="model"][data-state="failed"]').waitFor()
    await page.locator('[data-node="out"][data-state="skipped"]').waitFor()
    await retell(page, 'Say: {{question}}')
    await nodeOf(page, 'model').getByText('Failed before the change').waitFor()
    // The warning about the model stays; the failure of the last run does not.
    expect(await page.locator('[data-problems] .problem-row').count()).toBe(1)
    await page.context().close()
  })

  it('keeps the problems and the save state in reach in a small window with a long name', async () => {
    const name = 'A very long name of a pipeline that goes on and on '.repeat(3).trim()
    const { id } = await house.create({ format: 'patchbay/1', name, ...withModel('gpt-99') })
    const again = await house.open(`/p/${id}`)
    for (const [width, height] of [
      [1100, 700],
      [1440, 900],
    ] as const) {
      await again.setViewportSize({ width, height })
      await again.reload()
      await nodeOf(again, 'model').locator('.node-title').click()
      await again.locator('[data-inspector]').waitFor()
      await again.locator('[data-problems]').getByRole('button', { name: 'Open' }).click({ timeout: 5_000 })
      const [save, transport] = await Promise.all(
        ['[data-save]', '[data-transport]'].map((of) => again.locator(of).boundingBox()),
      )
      const inspector = await again.locator('[data-inspector]').boundingBox()
      const node = await nodeOf(again, 'model').boundingBox()
      expect(node && inspector && node.x + node.width).toBeLessThanOrEqual(inspector?.x ?? 0)
      if (!save || !transport) throw new Error('Nothing is on screen.')
      expect(save.width).toBeGreaterThan(20)
      expect(save.x + save.width).toBeLessThanOrEqual(transport.x)
    }
    await again.context().close()
  })

  it('keeps the focus where it is while a node or a field gets another name', async () => {
    const { page } = await house.draw(answering)
    await nodeOf(page, 'prompt').locator('.node-title').click()
    const inspector = page.locator('[data-inspector]')
    await inspector.getByRole('textbox', { name: 'Title' }).fill('Say it')
    await inspector.getByRole('textbox', { name: 'Template' }).click()
    await page.keyboard.type('nd')
    await nodeOf(page, 'say-it').waitFor()
    expect(await inspector.getByRole('textbox', { name: 'Template' }).inputValue()).toContain('nd')
    await nodeOf(page, 'ask').locator('.node-title').click()
    const field = inspector.getByRole('group', { name: 'Fields' })
    await field.getByRole('textbox').fill('topic')
    await page.keyboard.press('Tab')
    expect(await field.locator(':focus').count()).toBe(1)
    await page.context().close()
  })

  it('leaves a number as it is typed, and bounds it when it is left', async () => {
    const { page } = await house.draw(answering)
    await nodeOf(page, 'model').locator('.node-title').click()
    const number = page.locator('[data-inspector]').getByRole('textbox', { name: 'Temperature' })
    await number.fill('0.5')
    await number.press('Backspace')
    expect(await number.inputValue()).toBe('0.')
    await number.press('7')
    expect(await number.inputValue()).toBe('0.7')
    await number.fill('07')
    expect(await number.inputValue()).toBe('07')
    await number.blur()
    expect(await number.inputValue()).toBe('2')
    await page.context().close()
  })

  it('reads a duration in words, and marks one that it cannot read', async () => {
    const { page, id } = await house.draw(answering)
    await nodeOf(page, 'model').locator('.node-title').click()
    await page.locator('[data-inspector] summary').filter({ hasText: 'If it fails' }).click()
    const timeout = page.locator('[data-inspector]').getByRole('textbox', { name: 'Give up after' })
    const policy = async () => (await house.read(id)).document.nodes.find((node) => node.id === 'model')?.policy
    await timeout.pressSequentially('5 min')
    await timeout.blur()
    expect(await timeout.inputValue()).toBe('5m')
    await saved(page)
    expect(await policy()).toEqual({ timeout: '5m' })
    await timeout.fill('')
    await timeout.pressSequentially('7 weeks')
    expect(await timeout.getAttribute('aria-invalid')).toBe('true')
    await timeout.blur()
    expect(await timeout.inputValue()).toBe('5m')
    await saved(page)
    expect(await policy()).toEqual({ timeout: '5m' })
    await page.context().close()
  })

  it('acts by keys on the node that Tab has come to', async () => {
    const { page } = await house.draw(answering)
    await nodeOf(page, 'prompt').locator('.node-title').click()
    const focused = () => page.evaluate(() => document.activeElement?.getAttribute('data-id'))
    for (let step = 0; step < 40 && (await focused()) !== 'out'; step += 1) await page.keyboard.press('Tab')
    expect(await focused()).toBe('out')
    await page.keyboard.press('Delete')
    await nodeOf(page, 'out').waitFor({ state: 'detached' })
    await nodeOf(page, 'prompt').waitFor()
    await page.context().close()
  })

  it('draws a note as high as before when its new height is undone', async () => {
    const note = {
      id: 'n',
      type: 'note',
      version: 1,
      config: {},
      at: [0, 300] as [number, number],
      size: [200, 120] as [number, number],
    }
    const { page } = await house.draw({ ...answering, nodes: [...answering.nodes, note] })
    const height = async () => (await page.locator('.react-flow__node[data-id=n]').boundingBox())?.height ?? 0
    await page.locator('.react-flow__node[data-id=n]').click()
    const before = await height()
    const corner = await page.locator('.react-flow__node[data-id=n] .node-resizer.corner').boundingBox()
    if (!corner) throw new Error('The note has no corner to grasp.')
    const [x, y] = [corner.x + corner.width / 2, corner.y + corner.height / 2]
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x, y + 60, { steps: 4 })
    await page.mouse.up()
    await expect.poll(height).toBeGreaterThan(before + 20)
    await page.keyboard.press('Control+z')
    await expect.poll(height).toBeCloseTo(before, 0)
    await page.context().close()
  })

  it('selects a cable that is clicked while a node is selected', async () => {
    const { page } = await house.draw(answering)
    await nodeOf(page, 'prompt').locator('.node-title').click()
    await page.locator('.react-flow__edge').first().dispatchEvent('click')
    await page.locator('.react-flow__edge.selected').waitFor({ timeout: 5_000 })
    expect(await page.locator('.react-flow__node.selected').count()).toBe(0)
    await page.context().close()
  })
})
