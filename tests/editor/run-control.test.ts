import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page as Listed, Saved } from '#server/api.ts'
import { type CanvasHouse, openCanvasHouse } from '#tests/support/canvas-house.ts'
import { nodeOf } from '#tests/support/hand.ts'
import { readEach } from '#tests/support/run-scenes.ts'
import { answering } from '#tests/support/small-pipelines.ts'

/** Nothing to ask for before a run. */
const talking = {
  nodes: answering.nodes
    .filter(({ id }) => id !== 'ask')
    .map((node) => (node.id === 'prompt' ? { ...node, config: { template: 'Repeat this text: bako' } } : node)),
  edges: answering.edges.filter(({ from }) => !from.startsWith('ask.')),
}

describe('run and stop', () => {
  let house: CanvasHouse
  beforeAll(async () => {
    house = await openCanvasHouse()
  })
  afterAll(() => house.close())

  const countRuns = async (id: string) =>
    (await house.server.call<Listed<unknown>>('GET', `/api/runs?pipeline=${id}`)).items.length
  const succeeded = (page: Page) => page.locator('[data-node="out"][data-state="succeeded"]').waitFor()

  it('start one run while the keys are held down', async () => {
    const { page, id } = await house.draw(talking)
    await nodeOf(page, 'prompt').waitFor()
    await page.keyboard.down('Control')
    for (const _ of [1, 2, 3, 4]) {
      await page.keyboard.down('Enter')
      await page.waitForTimeout(150)
    }
    await page.keyboard.up('Enter')
    await page.keyboard.up('Control')
    await succeeded(page)
    expect(await countRuns(id)).toBe(1)
    await page.context().close()
  })

  it('start one run when it is asked for twice before the first one began', async () => {
    const { page, id } = await house.draw(talking)
    await nodeOf(page, 'prompt').waitFor()
    await page.route('**/api/pipelines/*/runs', async (route) => {
      await page.waitForTimeout(500)
      await route.continue()
    })
    await page.keyboard.press('Control+Enter')
    await page.keyboard.press('Control+Enter')
    await succeeded(page)
    expect(await countRuns(id)).toBe(1)
    await page.context().close()
  })

  it('start no second run while the button would stop the first', async () => {
    const { page, id } = await house.draw(talking)
    await nodeOf(page, 'prompt').waitFor()
    // It goes on for ever: nothing is heard of it.
    await page.route('**/api/runs/*/events*', () => {})
    await page.keyboard.press('Control+Enter')
    await page.locator('[data-transport] button').first().filter({ hasText: 'Stop' }).waitFor()
    await page.keyboard.press('Control+Enter')
    await page.waitForTimeout(500)
    expect(await countRuns(id)).toBe(1)
    await page.context().close()
  })

  it('say in the dock that an earlier run could not be read, and read it again', async () => {
    const { id } = await house.create({ format: 'patchbay/1', name: 'Twice', ...talking })
    for (const _ of [1, 2]) await house.server.call('POST', `/api/pipelines/${id}/runs?wait=30`, { input: {} })
    const page = await house.open(`/p/${id}`)
    await succeeded(page)
    await page.getByRole('tab', { name: 'History' }).click()
    const first = page.locator('[data-dock] .dock-row').last()
    await page.route('**/api/runs/*', (route) => route.abort())
    await first.click()
    const said = page.locator('[data-dock] [role="tabpanel"] [role="alert"]')
    await said.waitFor()
    expect(await first.getAttribute('aria-pressed')).toBe('false')
    await page.unroute('**/api/runs/*')
    await said.getByRole('button', { name: 'Try again' }).click()
    await said.waitFor({ state: 'detached' })
    await page.locator('[data-dock] .dock-row:last-child[aria-pressed="true"]').waitFor()
    await page.context().close()
  })

  it('say of no other run that it is stopping', async () => {
    const { id } = await house.server.call<Saved>('POST', '/api/pipelines', { document: readEach('fail') })
    for (const _ of [1, 2])
      await house.server.call('POST', `/api/pipelines/${id}/runs?wait=30`, { input: { list: ['{}'] } })
    const page = await house.open('/')
    // Both go on for ever: they are told as running, and nothing more is heard of them.
    await page.route('**/api/runs/*', async (route) => {
      const response = await route.fetch()
      await route.fulfill({ response, json: { ...(await response.json()), status: 'running', endedAt: null } })
    })
    await page.route('**/api/runs/*/events*', () => {})
    await page.route('**/api/runs/*/cancel', () => {})
    await page.goto(`/p/${id}`)
    const shown = page.locator('[data-transport] button').first()
    await shown.filter({ hasText: 'Stop' }).waitFor()
    await page.getByRole('tab', { name: 'History' }).click()
    await shown.click()
    await shown.filter({ hasText: 'Stopping' }).waitFor()
    await page.locator('[data-dock] .dock-row').last().click()
    await shown.filter({ hasText: /^Stop$/ }).waitFor()
    expect(await shown.isEnabled()).toBe(true)
    await page.locator('[data-dock] .dock-row').first().click()
    await shown.filter({ hasText: 'Stopping' }).waitFor()
    await page.context().close()
  })
})
