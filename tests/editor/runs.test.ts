import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { RunRecord } from '#runtime/engine/run.ts'
import type { Saved } from '#server/api.ts'
import { launchBrowser, openPage } from '../support/browser.ts'
import { readEach } from '../support/run-scenes.ts'
import { type ServedEditor, serveEditor } from '../support/served-editor.ts'

let server: ServedEditor
let browser: Browser
beforeAll(async () => {
  server = await serveEditor()
  browser = await launchBrowser()
})
afterAll(async () => {
  await browser.close()
  await server.stop()
})

const visit = async (path: string): Promise<Page> => {
  const page = await openPage(browser, server)
  await page.goto(path)
  return page
}
const texts = (count: number) => Array.from({ length: count }, (_, at) => `{"at": ${at}}`)
const run = async (onItemError: 'fail' | 'skip', list: unknown): Promise<RunRecord> => {
  const { id } = await server.call<Saved>('POST', '/api/pipelines', { document: readEach(onItemError) })
  return server.call<RunRecord>('POST', `/api/pipelines/${id}/runs?wait=30`, { input: { list } })
}

describe('a run', () => {
  it('opens on its result and keeps it as a file', async () => {
    const { id, output } = await run('fail', texts(3))
    const page = await visit(`/runs/${id}`)
    await page.getByRole('heading', { name: 'Done. Nothing failed.' }).waitFor()
    const panel = page.getByRole('complementary', { name: 'Step: Result' })
    await panel.getByText('Read: {\\"at\\":2}').waitFor()
    const download = page.waitForEvent('download')
    await page.getByRole('button', { name: 'Export output' }).click()
    expect(JSON.parse(await readFile(await (await download).path(), 'utf8'))).toEqual(output)
    await page.context().close()
  })

  it('shows one item of a mapped node with what it took and what it gave', async () => {
    const { id } = await run('fail', texts(60))
    const page = await visit(`/runs/${id}`)
    await page.getByRole('button', { name: 'Items of Say' }).click()
    await page.getByRole('button', { name: 'More items' }).click()
    const item = page.getByRole('row', { name: /^41 / })
    await item.getByRole('button').click()
    const panel = page.getByRole('complementary')
    await panel.getByRole('heading', { name: 'Say · item 41' }).waitFor()
    await panel.getByText('Read: {"at":40}').waitFor()
    await panel.getByRole('tab', { name: 'Input' }).click()
    await panel.getByText('"at": 40').waitFor()
    await panel.getByRole('button', { name: 'Next item' }).click()
    await panel.getByRole('heading', { name: 'Say · item 42' }).waitFor()
    await page.context().close()
  })

  it('counts the items that failed, and says of one what happened', async () => {
    const { id } = await run('skip', [...texts(5), 'no json here', ...texts(3)])
    const page = await visit(`/runs/${id}`)
    await page.getByRole('heading', { name: 'Done, but 1 item failed.' }).waitFor()
    await page.getByRole('button', { name: 'Items of Read' }).click()
    await page.getByRole('row', { name: /^6 / }).getByRole('button').click()
    await page.getByRole('alert').getByText('The text is not JSON', { exact: true }).waitFor()
    await page.context().close()
  })

  it('opens on the node that failed', async () => {
    const { id } = await run('fail', 'not a list')
    const page = await visit(`/runs/${id}`)
    await page.getByRole('heading', { name: /^One by one failed/ }).waitFor()
    await page.getByRole('complementary', { name: 'Step: One by one' }).getByRole('alert').waitFor()
    await page.context().close()
  })

  it('runs again with the same input', async () => {
    const { id, number } = await run('fail', texts(2))
    const page = await visit(`/runs/${id}`)
    await page.getByRole('button', { name: 'Run again' }).click()
    await page.waitForURL((url) => url.pathname !== `/runs/${id}`)
    await page.getByText(`#${number + 1}`, { exact: true }).waitFor()
    await page.getByRole('heading', { name: 'Done. Nothing failed.' }).waitFor()
    await page.context().close()
  })

  it('is followed while it goes on, and stops when told to', async () => {
    const { id: pipeline } = await server.call<Saved>('POST', '/api/examples/score-a-dataset')
    const { id } = await server.call<{ id: string }>('POST', `/api/pipelines/${pipeline}/runs`, { input: {} })
    const page = await visit(`/runs/${id}`)
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.getByRole('heading', { name: 'Stopped before the end.' }).waitFor()
    await page.getByRole('button', { name: 'Run again' }).waitFor()
    await page.context().close()
  })
})

it('asks for what it missed when the connection breaks', async () => {
  const { id: pipeline } = await server.call<Saved>('POST', '/api/examples/score-a-dataset')
  const page = await openPage(browser, server)
  const asked: (string | undefined)[] = []
  await page.route('**/api/runs/*/events', async (route) => {
    asked.push(route.request().headers()['last-event-id'])
    if (asked.length > 1) return route.continue()
    const event = { type: 'step-end', seq: 1, node: 'tickets', at: Date.now(), ms: 4, attempt: 1, outputs: {} }
    // An answer that ends before the run does: the line went dead after one event.
    await route.fulfill({
      contentType: 'text/event-stream',
      body: `id: 1\nevent: step-end\ndata: ${JSON.stringify(event)}\n\n`,
    })
  })
  const { id } = await server.call<{ id: string }>('POST', `/api/pipelines/${pipeline}/runs`, { input: {} })
  await page.goto(`/runs/${id}`)
  await page.getByRole('row', { name: /^Test tickets Succeeded/ }).waitFor()
  await page.getByRole('heading', { name: 'Done. Nothing failed.' }).waitFor({ timeout: 25_000 })
  expect(asked.slice(0, 2)).toEqual([undefined, '1'])
  await page.context().close()
})

describe('the run list', () => {
  it('filters by pipeline and status, and the address keeps the filter', async () => {
    const { pipeline } = await run('fail', 'not a list')
    const page = await visit(`/runs?pipeline=${pipeline}`)
    await page.getByRole('row').nth(1).waitFor()
    expect(await page.getByRole('row').count()).toBe(2)
    await page.getByRole('radio', { name: 'Succeeded' }).click()
    await page.getByText('No run fits the filter').waitFor()
    expect(new URL(page.url()).searchParams.get('status')).toBe('succeeded')
    await page.reload()
    await page.getByRole('button', { name: 'Show all runs' }).click()
    await page.getByRole('row').nth(2).waitFor()
    expect(new URL(page.url()).search).toBe('')
    await page.context().close()
  })

  it('scrolls through more runs than one page holds, drawing only what is in view', async () => {
    const { id } = await server.call<Saved>('POST', '/api/pipelines', { document: readEach('fail') })
    await Promise.all(
      Array.from({ length: 120 }, () => server.call('POST', `/api/pipelines/${id}/runs`, { input: { list: [] } })),
    )
    const page = await visit(`/runs?pipeline=${id}`)
    await page.getByRole('row').nth(5).waitFor()
    const table = page.getByRole('table')
    const rows = () => table.getAttribute('aria-rowcount').then(Number)
    for (let tries = 0; tries < 40 && (await rows()) < 121; tries++) {
      await page.mouse.move(700, 500)
      await page.mouse.wheel(0, 4_000)
      await page.waitForTimeout(100)
    }
    expect(await rows()).toBe(121)
    expect(await page.getByRole('row').count()).toBeLessThan(70)
    await page.context().close()
  })
})
