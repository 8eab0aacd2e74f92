import { AxeBuilder } from '@axe-core/playwright'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest'
import type { RunRecord } from '#runtime/engine/run.ts'
import type { Page as ApiPage, JobInfo, Saved } from '#server/api.ts'
import { type Look, launchBrowser, openPage } from '../support/browser.ts'
import { enrolIdleWorker } from '../support/idle-worker.ts'
import { readEach } from '../support/run-scenes.ts'
import { type ServedEditor, serveEditor } from '../support/served-editor.ts'
import { runTeach } from '../support/training-scene.ts'

let server: ServedEditor
let browser: Browser
let failed: RunRecord
let mapped: RunRecord
let worker: { id: string; stop: () => void }

beforeAll(async () => {
  server = await serveEditor()
  browser = await launchBrowser()
  const { id } = await server.call<Saved>('POST', '/api/pipelines', { document: readEach('skip') })
  const run = (list: unknown) =>
    server.call<RunRecord>('POST', `/api/pipelines/${id}/runs?wait=30`, { input: { list } })
  failed = await run('no list')
  mapped = await run(['{"a": 1}', 'broken', '{"a": 2}'])
  await server.call('PUT', '/api/secrets/openai', { value: 'x' })
  await server.call('POST', '/api/keys', { name: 'A program', scope: 'run' })
  worker = await enrolIdleWorker(server)
  await runTeach(server)
  const waits = async () => (await server.call<ApiPage<JobInfo>>('GET', '/api/jobs')).items[0]?.waits
  await vi.waitUntil(async () => (await waits()) === 'all-busy', { timeout: 30_000, interval: 100 })
  for (const note of ['the first', 'the second'])
    await server.call('POST', '/api/deployments', {
      name: 'helper',
      target: { kind: 'model', model: 'local:tiny' },
      note,
    })
})
afterAll(async () => {
  worker.stop()
  await browser.close()
  await server.stop()
})

/** A screen and what a person does before looking at it. Locators must not depend on the language. */
type Screen = { at: string; open?: (page: Page) => Promise<void> }
const press = (selector: string) => (page: Page) => page.locator(selector).first().click()
const screens = (): Record<string, Screen> => ({
  home: { at: '/' },
  'home, menu of a pipeline': { at: '/', open: press('tbody button') },
  '⌘K': { at: '/', open: (page) => page.keyboard.press('Control+k').then(() => page.getByRole('dialog').waitFor()) },
  'run list': { at: '/runs' },
  'run that failed': { at: `/runs/${failed.id}` },
  'run over items': { at: `/runs/${mapped.id}`, open: press('[aria-expanded=false]') },
  workers: { at: `/workers/${worker.id}` },
  'workers, dialog': { at: '/workers', open: press('main button') },
  jobs: { at: '/jobs' },
  models: { at: '/models' },
  'a hosted model': { at: `/models/${encodeURIComponent('openai:gpt-5.6')}` },
  deployments: { at: '/deployments' },
  'deployments, dialog': { at: '/deployments', open: press('main button') },
  help: { at: '/help' },
  secrets: { at: '/settings/secrets' },
  'secrets, dialog': { at: '/settings/secrets', open: press('main button') },
  keys: { at: '/settings/keys' },
  'keys, dialog': { at: '/settings/keys', open: press('main button') },
  webhooks: { at: '/settings/webhooks' },
  'webhooks, dialog': { at: '/settings/webhooks', open: press('main button') },
  'look and language': { at: '/settings/look' },
  'nothing here': { at: '/nowhere' },
})

const looks: Look[] = [
  { language: 'en', theme: 'light' },
  { language: 'en', theme: 'dark', width: 1024, height: 768 },
  { language: 'ko', theme: 'light', width: 1024, height: 768 },
  { language: 'ko', theme: 'dark' },
]

const violations = async (page: Page): Promise<string[]> => {
  const found = await new AxeBuilder({ page }).setLegacyMode().analyze()
  return found.violations.flatMap(({ id, nodes }) => nodes.map((node) => `${id}: ${node.target.join(' ')}`))
}

describe.each(looks)('in $language, $theme', (look) => {
  it('every screen passes axe', async () => {
    const page = await openPage(browser, server, look)
    const found: Record<string, string[]> = {}
    for (const [name, { at, open }] of Object.entries(screens())) {
      await page.goto(at)
      await page.locator('h1').first().waitFor()
      await open?.(page)
      // Colours are judged when nothing fades any more.
      await page.waitForTimeout(300)
      const wrong = await violations(page)
      if (wrong.length > 0) found[name] = wrong
    }
    expect(found).toEqual({})
    await page.context().close()
  }, 120_000)

  it('nothing is cut off or scrolls sideways', async () => {
    const page = await openPage(browser, server, look)
    for (const { at } of Object.values(screens())) {
      await page.goto(at)
      await page.locator('h1').first().waitFor()
      const wide = await page.evaluate(() =>
        [...document.querySelectorAll('header, main, button')]
          .filter(
            (element) =>
              element.scrollWidth > element.clientWidth + 1 && getComputedStyle(element).overflowX !== 'hidden',
          )
          .map((element) => `${element.tagName} ${element.textContent?.slice(0, 40)}`),
      )
      expect(wide, at).toEqual([])
    }
    await page.context().close()
  }, 60_000)
})

it('the door passes axe without a session', async () => {
  const page = await openPage(browser, { url: server.url })
  await page.goto('/')
  await page.locator('h1').waitFor()
  expect(await violations(page)).toEqual([])
  await page.context().close()
})

it('every control of a run is reached by Tab, and shows where the focus is', async () => {
  const page = await openPage(browser, server)
  await page.goto(`/runs/${mapped.id}`)
  await page.locator('h1').waitFor()
  const reached = new Set<string>()
  for (let step = 0; step < 60; step++) {
    await page.keyboard.press('Tab')
    const focus = await page.evaluate(() => {
      const { activeElement: element } = document
      if (!element || element === document.body) return null
      const name = element.getAttribute('aria-label') ?? element.textContent ?? ''
      const { outlineStyle, outlineWidth } = getComputedStyle(element)
      return { name: name.trim(), shown: outlineStyle !== 'none' && outlineWidth !== '0px' }
    })
    if (!focus) break
    expect(focus.shown, focus.name).toBe(true)
    reached.add(focus.name)
  }
  for (const name of [
    'Run again',
    'Open on canvas',
    'Export output',
    'Read',
    'Items of Read',
    'Previous node',
    'Output',
    'Settings',
  ])
    expect([...reached], name).toContain(name)
  await page.context().close()
})
