import { readFile } from 'node:fs/promises'
import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Page as ListPage, PipelineSummary, Saved } from '#server/api.ts'
import { launchBrowser, openPage } from '../support/browser.ts'
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

const visit = async (path: string, look = {}): Promise<Page> => {
  const page = await openPage(browser, server, look)
  await page.goto(path)
  return page
}
const listed = async () => (await server.call<ListPage<PipelineSummary>>('GET', '/api/pipelines')).items

describe('home', () => {
  it('offers the sample on a first visit and opens it on the canvas', async () => {
    const page = await visit('/')
    await page.getByRole('button', { name: 'Look around first' }).click()
    await page.waitForURL(/\/p\//)
    const sample = (await listed()).find(({ name }) => name === 'Ticket triage')
    expect(new URL(page.url()).pathname).toBe(`/p/${sample?.id}`)
    await page.context().close()
  })

  it('makes a copy of a template, with its files', async () => {
    const before = await listed()
    const page = await visit('/')
    await page.getByRole('button', { name: /Score a dataset/ }).click()
    await page.waitForURL(/\/p\//)
    const id = new URL(page.url()).pathname.slice('/p/'.length)
    expect(before.some((pipeline) => pipeline.id === id)).toBe(false)
    const made = await server.call<{ name: string; files: { path: string }[] }>('GET', `/api/pipelines/${id}`)
    expect(made.files.map(({ path }) => path)).toContain('tickets.jsonl')

    await page.goto('/')
    await page
      .getByRole('button', { name: `More for ${made.name}` })
      .first()
      .click()
    await page.getByRole('menuitem', { name: 'Duplicate' }).click()
    await page.getByRole('link', { name: `${made.name} (copy)` }).waitFor()
    const copy = (await listed()).find(({ name }) => name === `${made.name} (copy)`)
    const copied = await server.call<{ files: unknown }>('GET', `/api/pipelines/${copy?.id}`)
    expect(copied.files).toEqual(made.files)
    await page.context().close()
  })

  it('imports what it exported, byte for byte', async () => {
    const { id } = await server.call<Saved>('POST', '/api/examples/extract-json')
    const document = await server.call<{ name: string }>('GET', `/api/pipelines/${id}/export`)
    const page = await visit('/')
    const row = page
      .getByRole('row')
      .filter({ has: page.getByRole('link', { name: document.name }) })
      .first()
    await row.getByRole('button', { name: /More for/ }).click()
    const download = page.waitForEvent('download')
    await page.getByRole('menuitem', { name: 'Export as JSON' }).click()
    const file = await (await download).path()
    const exported = await readFile(file, 'utf8')

    const chooser = page.waitForEvent('filechooser')
    await page.getByRole('button', { name: 'Import' }).click()
    await (await chooser).setFiles({ name: 'again.json', mimeType: 'application/json', buffer: Buffer.from(exported) })
    await page.waitForURL(/\/p\//)
    const imported = new URL(page.url()).pathname.slice('/p/'.length)
    const response = await fetch(`${server.url}/api/pipelines/${imported}/export`, {
      headers: { authorization: `Bearer ${server.token}` },
    })
    expect(await response.text()).toBe(exported)
    await page.context().close()
  })

  it('says what is wrong with a file that is no pipeline', async () => {
    const page = await visit('/')
    const choose = async (name: string, text: string) => {
      const chooser = page.waitForEvent('filechooser')
      await page.getByRole('button', { name: 'Import' }).click()
      await (await chooser).setFiles({ name, mimeType: 'application/json', buffer: Buffer.from(text) })
    }
    await choose('broken.json', '{"format": ')
    await page.getByRole('alert').getByText('This is not JSON: it ends too early, at line 1, column 12.').waitFor()
    await choose('other.json', '{"format":"other/9","name":"x","nodes":[],"edges":[]}')
    await page.getByRole('alert').getByText('other.json: It cannot be imported').waitFor()
    await page.getByRole('listitem').filter({ hasText: '/format' }).getByText('"other/9" is not known here').waitFor()
    await page.context().close()
  })

  it('asks before it deletes, and Esc keeps the pipeline', async () => {
    const { id } = await server.call<Saved>('POST', '/api/pipelines', {
      document: { format: 'patchbay/1', name: 'Short-lived', nodes: [], edges: [] },
    })
    const page = await visit('/')
    const open = async () => {
      // A press in the very moment in which a dialog closes opens nothing: as a person would, press again.
      const entry = page.getByRole('menuitem', { name: 'Delete' })
      const press = async () => {
        await page.getByRole('button', { name: 'More for Short-lived' }).click()
        return entry.isVisible()
      }
      await expect.poll(press, { timeout: 10_000, interval: 300 }).toBe(true)
      await entry.click()
      await page.getByRole('dialog', { name: 'Delete Short-lived?' }).waitFor()
    }
    await open()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    expect((await listed()).map((pipeline) => pipeline.id)).toContain(id)
    await open()
    await page.getByRole('button', { name: 'Delete pipeline' }).click()
    await page.getByRole('link', { name: 'Short-lived' }).waitFor({ state: 'detached' })
    // The row goes at once, before the server has answered.
    await expect.poll(async () => (await listed()).map((pipeline) => pipeline.id)).not.toContain(id)
    await page.context().close()
  })

  it('switches the language at once and remembers it', async () => {
    const page = await visit('/')
    await page.getByRole('radio', { name: '한국어' }).click()
    await page.getByRole('heading', { name: '템플릿으로 시작하기' }).waitFor()
    expect(await page.evaluate(() => document.documentElement.lang)).toBe('ko')
    await page.reload()
    await page.getByRole('button', { name: '새 파이프라인' }).waitFor()
    await page.context().close()
  })

  it('goes anywhere from the keyboard: ⌘K, a name, Enter', async () => {
    const page = await visit('/runs')
    await page.getByRole('heading', { name: 'Runs' }).waitFor()
    await page.keyboard.press('Control+k')
    await page.getByRole('dialog', { name: 'Find and do' }).waitFor()
    await page.keyboard.type('webh')
    await page.keyboard.press('Enter')
    await page.waitForURL('**/settings/webhooks')
    await page.context().close()
  })
})

describe('the door', () => {
  it('shows how to sign in without a session, and lets an admin key in', async () => {
    const page = await openPage(browser, { url: server.url })
    await page.goto('/runs')
    await page.getByRole('heading', { name: 'Sign in with the link from the terminal' }).waitFor()
    await page.getByLabel('API key or sign-in token').fill(server.token)
    await page.keyboard.press('Enter')
    await page.getByRole('heading', { name: 'Runs' }).waitFor()
    await page.context().close()
  })

  it('says that the server does not answer, keeps the page, and goes on when it does', async () => {
    const page = await visit('/')
    await page.getByRole('button', { name: 'New pipeline' }).waitFor()
    await page.context().setOffline(true)
    await page.getByText('The server does not answer.').waitFor()
    await page.getByRole('heading', { name: 'Start from a template' }).waitFor()
    await page.context().setOffline(false)
    await page.getByText('The server does not answer.').waitFor({ state: 'detached' })
    await page.context().close()
  })

  it('has a page for addresses that lead nowhere', async () => {
    const page = await visit('/nowhere')
    await page.getByRole('link', { name: 'To your pipelines' }).click()
    await page.waitForURL(`${server.url}/`)
    await page.context().close()
  })
})
