import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Saved } from '#server/api.ts'
import { type CanvasHouse, openCanvasHouse } from '#tests/support/canvas-house.ts'
import { nodeOf } from '#tests/support/hand.ts'
import { readEach } from '#tests/support/run-scenes.ts'
import { answering } from '#tests/support/small-pipelines.ts'

describe('the Korean editor', () => {
  let house: CanvasHouse
  beforeAll(async () => {
    house = await openCanvasHouse()
  })
  afterAll(() => house.close())

  it('says why the server does not take the edits', async () => {
    const { page } = await house.draw(answering, { language: 'ko' })
    await nodeOf(page, 'ask').waitFor()
    await page.route('**/api/pipelines/*', (route) =>
      route.request().method() === 'PUT'
        ? route.fulfill({
            status: 413,
            contentType: 'application/problem+json',
            json: { code: 'too-large', status: 413, title: 'Too large', detail: 'The body is too large.' },
          })
        : route.continue(),
    )
    await nodeOf(page, 'out').locator('.node-title').dblclick()
    await page.keyboard.type('Result')
    await page.keyboard.press('Enter')
    const state = page.locator('[data-save="refused"]')
    await state.waitFor()
    expect(await state.getAttribute('title')).toMatch(/^너무 커요/)
    await page.locator('[data-transport] button').first().click()
    const refused = page.locator('[data-run-refused="refused"]')
    await refused.getByText('너무 커요').waitFor()
    expect(await refused.textContent()).not.toContain('The body')
    await page.context().close()
  })

  it('names the kinds of a wire that does not fit', async () => {
    const { page } = await house.draw(
      { ...answering, edges: [...answering.edges.slice(0, 1), { from: 'ask.question', to: 'model.messages' }] },
      { language: 'ko' },
    )
    const problems = page.locator('[data-problems]')
    await problems.getByText('필요해요').first().waitFor()
    expect(await problems.textContent()).toContain('messages에는 텍스트가 아니라 메시지 목록이 필요해요.')
    await page.context().close()
  })

  it('says of an item why it failed', async () => {
    const { id } = await house.server.call<Saved>('POST', '/api/pipelines', { document: readEach('skip') })
    const run = await house.server.call<{ id: string }>('POST', `/api/pipelines/${id}/runs?wait=30`, {
      input: { list: ['{}', 'no json here'] },
    })
    const page = await house.open(`/runs/${run.id}`, { language: 'ko' })
    await page.getByRole('button', { name: 'Read 항목' }).click()
    await page.getByRole('row', { name: /^2 JSON이 아니에요/ }).waitFor()
    await page.context().close()
  })
})
