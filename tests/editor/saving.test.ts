import { readFile } from 'node:fs/promises'
import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page as Listed, PipelineSummary } from '#server/api.ts'
import { type CanvasHouse, openCanvasHouse } from '#tests/support/canvas-house.ts'
import { nodeOf, saved } from '#tests/support/hand.ts'
import { answering } from '#tests/support/small-pipelines.ts'

/** Gives a node a title by double-click. */
const rename = async (page: Page, node: string, title: string): Promise<void> => {
  await nodeOf(page, node).locator('.node-title').dblclick()
  await page.keyboard.type(title)
  await page.keyboard.press('Enter')
}

describe('saving', () => {
  let house: CanvasHouse
  beforeAll(async () => {
    house = await openCanvasHouse()
  })
  afterAll(() => house.close())

  /** Two tabs that renamed the same node: the first saved, the second is in conflict. */
  const openConflict = async () => {
    const { page: one, id } = await house.draw(answering)
    const two = await house.open(`/p/${id}`)
    await nodeOf(two, 'ask').waitFor()
    await rename(one, 'out', 'Theirs')
    await saved(one)
    await rename(two, 'out', 'Mine')
    await two.getByRole('alertdialog').waitFor()
    return { one, two, id }
  }

  it('keeps both when two tabs change the same pipeline', async () => {
    const { one, two, id } = await openConflict()
    expect(await two.locator('[data-save]').getAttribute('data-save')).toBe('conflict')

    await two.getByRole('button', { name: 'Keep mine' }).click()
    await saved(two)
    const titles = async (of: string) => (await house.read(of)).document.nodes.map((node) => node.title)
    expect(await titles(id)).toContain('Mine')
    const { items } = await house.server.call<Listed<PipelineSummary>>('GET', '/api/pipelines')
    const copy = items.find((pipeline) => pipeline.name === 'Drawn (other edits)')
    expect(copy && (await titles(copy.id))).toContain('Theirs')
    await Promise.all([one.context().close(), two.context().close()])
  })

  it('says in the question that a copy could not be made, and goes on when it can', async () => {
    const { one, two } = await openConflict()
    await two.route('**/api/pipelines', (route) =>
      route.request().method() === 'POST' ? route.abort() : route.continue(),
    )
    const question = two.getByRole('alertdialog')
    await question.getByRole('button', { name: 'Take the other' }).click()
    await question.getByRole('alert').getByText('The server does not answer', { exact: true }).waitFor()
    expect(await nodeOf(two, 'out').textContent()).toContain('Mine')
    await two.unroute('**/api/pipelines')
    await question.getByRole('button', { name: 'Take the other' }).click()
    await saved(two)
    expect(await nodeOf(two, 'out').textContent()).toContain('Theirs')
    await Promise.all([one.context().close(), two.context().close()])
  })

  it('keeps in the copy what is typed while it is made', async () => {
    const { one, two, id } = await openConflict()
    let goOn = () => {}
    const held = new Promise<void>((done) => {
      goOn = done
    })
    await two.route('**/api/pipelines', async (route) => {
      if (route.request().method() === 'POST') await held
      await route.continue()
    })
    const question = two.getByRole('alertdialog')
    await question.getByRole('button', { name: 'Take the other' }).click()
    await rename(two, 'ask', 'Typed meanwhile')
    expect(await question.getByRole('button', { name: 'Keep mine' }).isDisabled()).toBe(true)
    goOn()
    await saved(two)
    await two.getByRole('button', { name: 'Open', exact: true }).click()
    await two.waitForURL((url) => !url.pathname.endsWith(id))
    await two.getByText('Typed meanwhile').first().waitFor()
    await Promise.all([one.context().close(), two.context().close()])
  })

  it('stays in conflict over two reloads, with both versions as they were', async () => {
    const { one, two, id } = await openConflict()
    const { revision } = await house.read(id)
    for (const _ of [1, 2]) {
      await two.reload()
      await nodeOf(two, 'ask').waitFor()
      await two.waitForTimeout(1_500)
      expect(await two.locator('[data-save]').getAttribute('data-save')).toBe('conflict')
      expect(await nodeOf(two, 'out').textContent()).toContain('Mine')
    }
    const held = await house.read(id)
    expect(held.revision).toBe(revision)
    expect(held.document.nodes.map((node) => node.title)).toContain('Theirs')
    await Promise.all([one.context().close(), two.context().close()])
  })

  it('starts no run of a draft that is not the one on screen, and says why', async () => {
    const { one, two, id } = await openConflict()
    await two.locator('[data-transport] button').first().click()
    await two.getByText('A run would be of the other version').waitFor()
    expect(await two.evaluate(() => document.activeElement?.textContent)).toBe('Keep mine')

    await one.route('**/api/pipelines/*', (route) =>
      route.request().method() === 'PUT' ? route.abort() : route.continue(),
    )
    await rename(one, 'ask', 'Only here')
    await one.locator('[data-save="offline"]').waitFor()
    await one.locator('[data-transport] button').first().click()
    await one.locator('[data-run-refused="offline"]').waitFor()
    const { items } = await house.server.call<Listed<unknown>>('GET', `/api/runs?pipeline=${id}`)
    expect(items).toEqual([])

    await one.unroute('**/api/pipelines/*')
    await one.getByRole('button', { name: 'Run again' }).click()
    await one.getByRole('dialog').getByRole('textbox').waitFor()
    await Promise.all([one.context().close(), two.context().close()])
  })

  it('runs no draft that was saved elsewhere and never seen here', async () => {
    const { page, id } = await house.draw(answering)
    await nodeOf(page, 'ask').waitFor()
    await page.locator('[data-transport] button').first().click()
    await page.getByRole('dialog').getByRole('textbox').fill('Hi')
    const two = await house.open(`/p/${id}`)
    await rename(two, 'out', 'Theirs')
    await saved(two)
    await page.getByRole('dialog').getByRole('button', { name: 'Run' }).click()
    await page.locator('[data-run-refused="changed"]').waitFor()
    expect(await nodeOf(page, 'out').textContent()).toContain('Theirs')
    await page.getByRole('button', { name: 'Run again' }).click()
    const runs = () => house.server.call<Listed<{ id: string }>>('GET', `/api/runs?pipeline=${id}`)
    await expect.poll(async () => (await runs()).items.length).toBe(1)
    const [run] = (await runs()).items
    const { input } = await house.server.call<{ input: Record<string, unknown> }>('GET', `/api/runs/${run?.id}`)
    expect(Object.values(input)).toEqual(['Hi'])
    await Promise.all([page.context().close(), two.context().close()])
  })

  it('keeps what is on screen as a new pipeline when this one was deleted elsewhere, also after a reload', async () => {
    const { page, id } = await house.draw(answering)
    await nodeOf(page, 'ask').waitFor()
    await house.server.call('DELETE', `/api/pipelines/${id}`)
    await rename(page, 'out', 'Still here')
    const question = page.getByRole('alertdialog', { name: 'This pipeline was deleted elsewhere' })
    await question.waitFor()
    await page.reload()
    await page.getByText('This browser still keeps edits of "Drawn"').waitFor()
    await page.getByRole('button', { name: 'Keep as a new pipeline' }).click()
    await nodeOf(page, 'out').getByText('Still here').waitFor()
    expect(page.url()).not.toContain(id)
    await page.context().close()
  })

  it('opens a pipeline where the browser has neither locks nor a clipboard, as over http in a network', async () => {
    const { id } = await house.create({ format: 'patchbay/1', name: 'Plain', ...answering })
    const page = await house.open('/')
    await page.addInitScript(() => {
      for (const name of ['locks', 'clipboard']) Object.defineProperty(navigator, name, { value: undefined })
      Object.defineProperty(crypto, 'randomUUID', { value: undefined })
    })
    await page.goto(`/p/${id}`)
    await nodeOf(page, 'ask').waitFor()
    await rename(page, 'out', 'Saved')
    await saved(page)
    await page.getByRole('button', { name: 'More' }).first().click()
    await page.getByRole('menuitem', { name: 'Copy as JSON' }).click()
    await page.evaluate(() => {
      const text = document.createElement('textarea')
      document.body.append(text)
      text.focus()
    })
    await page.keyboard.press('Control+v')
    expect(await page.locator('body > textarea').inputValue()).toContain('"patchbay/1"')
    await page.context().close()
  })

  it('keeps edits through a reload while the server cannot be reached, and saves them when it can', async () => {
    const { page, id } = await house.draw(answering)
    await nodeOf(page, 'ask').waitFor()
    let isCut = true
    await page.route('**/api/pipelines/*', (route) =>
      isCut && route.request().method() === 'PUT' ? route.abort() : route.continue(),
    )
    await rename(page, 'out', 'Kept')
    await page.locator('[data-save="offline"]').waitFor()
    expect(await page.locator('[data-save]').textContent()).toBe('Offline · kept here')
    await page.reload()
    await nodeOf(page, 'kept').or(nodeOf(page, 'out')).waitFor()
    expect(await page.getByText('Kept', { exact: true }).count()).toBeGreaterThan(0)
    expect((await house.read(id)).document).toMatchObject(answering)

    isCut = false
    await saved(page)
    expect((await house.read(id)).document.nodes.map((node) => node.title)).toContain('Kept')
    await page.context().close()
  })

  it('keeps the edits of a duplicated tab apart from those of the tab it was made of', async () => {
    const { page, id } = await house.draw(answering)
    await nodeOf(page, 'ask').waitFor()
    await page
      .context()
      .route('**/api/pipelines/*', (route) => (route.request().method() === 'PUT' ? route.abort() : route.continue()))
    await rename(page, 'out', 'Mine')
    await page.locator('[data-save="offline"]').waitFor()
    const tab = await page.evaluate(() => sessionStorage.getItem('patchbay.tab'))
    const twin = await page.context().newPage()
    await twin.addInitScript((name) => sessionStorage.setItem('patchbay.tab', name ?? ''), tab)
    await twin.goto(`/p/${id}`)
    await nodeOf(twin, 'ask').waitFor()
    expect(await nodeOf(twin, 'out').textContent()).not.toContain('Mine')
    await rename(twin, 'out', 'Twin')
    await twin.locator('[data-save="offline"]').waitFor()
    const kept = await page.evaluate((of) => Object.keys(localStorage).filter((key) => key.includes(of)), id)
    expect(kept.filter((key) => key.startsWith('patchbay.kept.'))).toHaveLength(2)
    await page.reload()
    await nodeOf(page, 'ask').waitFor()
    expect(await nodeOf(page, 'out').textContent()).toContain('Mine')
    await page.context().close()
  })

  it('publishes no draft that was saved elsewhere and never seen here', async () => {
    const { page, id } = await house.draw(answering)
    await nodeOf(page, 'ask').waitFor()
    await page.getByRole('button', { name: 'Publish', exact: true }).click()
    const two = await house.open(`/p/${id}`)
    await rename(two, 'out', 'Theirs')
    await saved(two)
    await page.getByRole('dialog').getByRole('button', { name: 'Publish v1' }).click()
    await page.locator('[data-publish-refused="changed"]').waitFor()
    expect(await nodeOf(page, 'out').textContent()).toContain('Theirs')
    const { items } = await house.server.call<Listed<unknown>>('GET', `/api/pipelines/${id}/versions`)
    expect(items).toEqual([])
    await page.getByRole('dialog').getByRole('button', { name: 'Publish v1' }).click()
    await page.locator('[data-draft="same"]', { hasText: 'v1' }).waitFor()
    await Promise.all([page.context().close(), two.context().close()])
  })

  it('exports what is on screen while the server cannot be reached', async () => {
    const { page } = await house.draw(answering)
    await nodeOf(page, 'ask').waitFor()
    await page.route('**/api/**', (route) => route.abort())
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'More', exact: true }).last().click()
    await page.getByRole('menuitem', { name: 'Export as JSON' }).click()
    const document = JSON.parse(await readFile(await (await download).path(), 'utf8'))
    expect(document).toMatchObject({ format: 'patchbay/1', ...answering })
    await page.context().close()
  })

  it('publishes what changed and names it', async () => {
    const { page } = await house.draw(answering)
    await nodeOf(page, 'ask').waitFor()
    await page.getByRole('button', { name: 'Publish', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Publish v1' }).click()
    const publish = page.getByRole('button', { name: 'Publish', exact: true })
    await page.locator('[data-draft="same"]', { hasText: 'v1' }).waitFor()
    expect(await publish.getAttribute('aria-disabled')).toBe('true')
    expect(await publish.getAttribute('aria-description')).toBe('Nothing changed since version 1.')
    await rename(page, 'out', 'Result')
    await page.getByText('Draft · after v1').waitFor()
    await page.getByRole('button', { name: 'Publish v2' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('since v1').waitFor()
    expect(await dialog.textContent()).toContain('Result')
    await page.context().close()
  })
})
