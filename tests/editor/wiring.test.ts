import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type CanvasHouse, openCanvasHouse } from '#tests/support/canvas-house.ts'
import { choose, drag, middleOf, nodeOf, portOf, saved } from '#tests/support/hand.ts'
import { answering, loose } from '#tests/support/small-pipelines.ts'

const edges = (page: Page) => page.locator('.react-flow__edge')

describe('wiring by mouse', () => {
  let house: CanvasHouse
  beforeAll(async () => {
    house = await openCanvasHouse()
  })
  afterAll(() => house.close())

  it('lights up only the ports that fit, says why another refuses, and offers the node that helps', async () => {
    const { page, id } = await house.draw(loose)
    const [text, messages] = [portOf(page, 'ask.question', 'output'), portOf(page, 'model.messages', 'input')]
    await drag(page, await middleOf(text), await middleOf(messages), { drop: false })
    const port = (ref: string, side: string) => page.locator(`[data-port="${ref}"][data-side="${side}"]`)
    expect(await port('prompt.question', 'input').getAttribute('class')).toContain(' fits')
    expect(await port('out.answer', 'input').getAttribute('class')).toContain(' fits')
    expect(await port('model.messages', 'input').getAttribute('class')).toContain(' unfit')
    expect(await page.locator('.pull-reason').textContent()).toContain('Takes messages, not text.')
    await page.mouse.up()
    expect(await edges(page).count()).toBe(0)

    await page.getByRole('button', { name: 'Put Prompt in between?' }).click()
    await edges(page).nth(1).waitFor()
    await saved(page)
    const { document } = await house.read(id)
    expect(document.edges).toEqual([
      { from: 'ask.question', to: 'prompt-2.question' },
      { from: 'prompt-2.messages', to: 'model.messages' },
    ])
    await page.context().close()
  })

  it('refuses a circle and says so', async () => {
    const { page } = await house.draw(answering)
    const [out, back] = [portOf(page, 'model.text', 'output'), portOf(page, 'prompt.question', 'input')]
    await drag(page, await middleOf(out), await middleOf(back), { drop: false })
    expect(await page.locator('.pull-reason').textContent()).toContain('circle')
    await page.mouse.up()
    expect(await edges(page).count()).toBe(3)
    const said = page.locator('.desk-canvas [role="alert"]')
    expect(await said.textContent()).toContain('Wire it to a node that comes later')
    const [words, node] = await Promise.all([said.boundingBox(), nodeOf(page, 'prompt').boundingBox()])
    expect(words && node && words.y >= node.y + node.height).toBe(true)

    await drag(
      page,
      await middleOf(portOf(page, 'ask.question', 'output')),
      await middleOf(portOf(page, 'model.model', 'input')),
    )
    await said.getByText('A wire from Fine-tune fits.').waitFor()
    await page.context().close()
  })

  it('offers in the open only nodes that fit, and puts a dropped node onto a cable', async () => {
    const { page, id } = await house.draw(answering)
    await drag(page, await middleOf(portOf(page, 'model.text', 'output')), { x: 700, y: 600 })
    await page.locator('.palette').waitFor()
    const offered = await page
      .locator('.palette [data-type]')
      .evaluateAll((rows) => rows.map((row) => row.getAttribute('data-type')))
    expect(offered).toContain('parse-json')
    expect(offered).not.toContain('model')
    await page.keyboard.press('Escape')

    await page.getByRole('button', { name: /^Add node/ }).click()
    const [left, right] = [
      await middleOf(portOf(page, 'ask.question', 'output')),
      await middleOf(portOf(page, 'prompt.question', 'input')),
    ]
    const cable = { x: (left.x + right.x) / 2, y: left.y }
    await page.locator('.palette input').fill('merge')
    await page.locator('.palette [data-type="merge"]').dragTo(page.locator('.react-flow__pane'), {
      targetPosition: await page
        .locator('.react-flow__pane')
        .evaluate(
          (pane, at) => ({ x: at.x - pane.getBoundingClientRect().x, y: at.y - pane.getBoundingClientRect().y }),
          cable,
        ),
      force: true,
    })
    await nodeOf(page, 'merge').waitFor()
    await saved(page)
    expect((await house.read(id)).document.edges.slice(0, 2)).toEqual([
      { from: 'ask.question', to: 'merge.values' },
      { from: 'merge.value', to: 'prompt.question' },
    ])
    await page.context().close()
  })

  it('undoes and redoes every kind of edit', async () => {
    const { page, id } = await house.draw(answering)
    const before = (await house.read(id)).document
    await drag(page, await middleOf(nodeOf(page, 'out').locator('.node-title')), { x: 1_150, y: 420 })
    await nodeOf(page, 'prompt').locator('.node-title').click()
    await page.keyboard.press('d')
    await page.getByRole('textbox', { name: 'Template' }).press('End')
    await page.getByRole('textbox', { name: 'Template' }).pressSequentially(' Please.')
    await page.getByRole('textbox', { name: 'Template' }).blur()
    await page.keyboard.press('Escape')
    await nodeOf(page, 'model').locator('.node-title').click()
    await page.keyboard.press('Delete')
    await nodeOf(page, 'model').waitFor({ state: 'detached' })
    await page.keyboard.press('/')
    await choose(page, 'report')
    await saved(page)
    const after = (await house.read(id)).document
    expect(after.nodes.map((node) => node.id)).toEqual(['ask', 'prompt', 'out', 'report'])
    expect(after.nodes[1]).toMatchObject({ disabled: true, config: { template: '{{question}} Please.' } })

    for (let step = 0; step < 5; step += 1) await page.keyboard.press('Control+z')
    await nodeOf(page, 'model').waitFor()
    await saved(page)
    expect((await house.read(id)).document).toEqual(before)
    for (let step = 0; step < 5; step += 1) await page.keyboard.press('Control+Shift+z')
    await nodeOf(page, 'report').waitFor()
    await saved(page)
    expect((await house.read(id)).document).toEqual(after)
    await page.context().close()
  })

  it('tells two nodes of one name apart in the list of connections', async () => {
    const other = {
      type: 'prompt',
      version: 1,
      config: { template: '{{question}}' },
      at: [260, 200] as [number, number],
    }
    const nodes = [...answering.nodes.slice(0, 2), { id: 'prompt-2', ...other }]
    const { page, id } = await house.draw({ nodes, edges: [] })
    await nodeOf(page, 'ask').locator('.node-title').click()
    await page.keyboard.press('c')
    await page.getByRole('option').filter({ hasText: 'prompt-2' }).waitFor()
    await page.keyboard.press('ArrowDown')
    await page.keyboard.press('Enter')
    await edges(page).first().waitFor({ state: 'attached' })
    await saved(page)
    expect((await house.read(id)).document.edges).toEqual([{ from: 'ask.question', to: 'prompt-2.question' }])
    await page.context().close()
  })

  it('builds with the keyboard alone', async () => {
    const { page, id } = await house.draw({ nodes: [], edges: [] })
    for (const type of ['input', 'prompt']) {
      await page.keyboard.press('/')
      await choose(page, type)
    }
    // The new node is selected: connect it, by name.
    await page.keyboard.press('c')
    await page.getByPlaceholder('Find a port').fill('question')
    await page.keyboard.press('Enter')
    await edges(page).first().waitFor({ state: 'attached' })
    await page.keyboard.press('o')
    await page
      .getByRole('navigation', { name: 'Outline' })
      .getByRole('button', { name: /^Input/ })
      .press('Enter')
    await page.keyboard.press('Escape')
    await page.keyboard.press('F2')
    await page.keyboard.type('Ticket')
    await page.keyboard.press('Enter')
    await saved(page)
    const { document } = await house.read(id)
    expect(document.nodes.map(({ id: name, title }) => [name, title])).toEqual([
      ['ticket', 'Ticket'],
      ['prompt', undefined],
    ])
    expect(document.edges).toEqual([{ from: 'ticket.question', to: 'prompt.question' }])
    await page.context().close()
  })
})
