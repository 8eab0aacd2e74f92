import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
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

const visit = async (path: string, language: 'en' | 'ko' = 'en'): Promise<Page> => {
  const page = await openPage(browser, server, { language })
  await page.goto(path)
  return page
}

describe('settings', () => {
  it('store a secret and never show it again', async () => {
    const page = await visit('/settings/secrets')
    await page.getByRole('button', { name: 'Add secret' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name').fill('1 bad name')
    await dialog.getByText('Start with a letter').waitFor()
    expect(await dialog.getByRole('button', { name: 'Save secret' }).isDisabled()).toBe(true)
    await dialog.getByLabel('Name').fill('openai-team')
    await dialog.getByLabel('Value').fill('sk-very-secret')
    await dialog.getByLabel('Value').press('Enter')
    await page.getByRole('cell', { name: 'openai-team', exact: true }).waitFor()
    expect(await page.content()).not.toContain('sk-very-secret')
    expect(JSON.stringify(await server.call('GET', '/api/secrets'))).not.toContain('sk-very-secret')

    await page.getByRole('button', { name: 'Delete openai-team?' }).click()
    await page.getByRole('button', { name: 'Delete secret' }).click()
    await page.getByText('Keys of your providers will be here').waitFor()
    await page.context().close()
  })

  it('make an API key that works, and shows once', async () => {
    const page = await visit('/settings/keys')
    await page.getByRole('button', { name: 'Make API key' }).click()
    await page.getByLabel('Name').fill('A program')
    await page.getByLabel('Access').selectOption({ label: 'Run' })
    await page.getByRole('dialog').getByRole('button', { name: 'Make API key' }).click()
    const key = await page.getByRole('dialog').locator('code').textContent()
    const asked = (path: string) => fetch(`${server.url}${path}`, { headers: { authorization: `Bearer ${key}` } })
    expect((await asked('/api/runs')).status).toBe(200)
    expect((await asked('/api/keys')).status).toBe(403)
    await page.keyboard.press('Escape')
    await page.mouse.click(8, 400)
    await page.waitForTimeout(300)
    expect(await page.getByRole('dialog').locator('code').textContent()).toBe(key)
    await page.getByRole('button', { name: 'I copied it' }).click()
    await page.getByRole('cell', { name: 'A program', exact: true }).waitFor()
    expect(await page.content()).not.toContain(key)
    await page.context().close()
  })

  it('give a published pipeline an address', async () => {
    const { id } = await server.call<Saved>('POST', '/api/pipelines', { document: readEach('fail') })
    await server.call('POST', `/api/pipelines/${id}/publish`)
    const page = await visit('/settings/webhooks')
    await page.getByRole('button', { name: 'Make webhook' }).click()
    await page.getByLabel('Name').fill('read-each')
    await page.getByRole('combobox', { name: 'Pipeline' }).selectOption(id)
    await page.getByLabel('Signed by').selectOption({ label: 'Bearer token' })
    await page.getByRole('dialog').getByRole('button', { name: 'Make webhook' }).click()
    await page.getByRole('dialog', { name: 'The webhook is ready' }).waitFor()
    const [address, secret] = await page.getByRole('dialog').locator('code').allTextContents()
    const called = await fetch(address as string, {
      method: 'POST',
      headers: { authorization: `Bearer ${secret}`, 'content-type': 'application/json' },
      body: JSON.stringify({ list: ['{"a":1}'] }),
    })
    expect(called.status).toBe(200)
    await page.context().close()
  })

  it('let Hangul be composed: its Enter does not send the form', async () => {
    const page = await visit('/settings/keys', 'ko')
    await page.getByRole('button', { name: 'API 키 만들기' }).click()
    const name = page.getByLabel('이름')
    await name.fill('한')
    const wasHeld = await name.evaluate((input) => {
      const enter = { key: 'Enter', keyCode: 229, isComposing: true, bubbles: true, cancelable: true }
      return !input.dispatchEvent(new KeyboardEvent('keydown', enter))
    })
    expect(wasHeld).toBe(true)
    await name.press('Enter')
    await page.getByRole('dialog', { name: '한 키' }).waitFor()
    await page.context().close()
  })

  it('change the theme at once and for next time', async () => {
    const page = await visit('/settings/look')
    await page.getByRole('radio', { name: 'Dark' }).click()
    const theme = () => page.evaluate(() => document.documentElement.dataset['theme'])
    expect(await theme()).toBe('dark')
    await page.reload()
    await page.getByRole('radio', { name: 'Dark', checked: true }).waitFor()
    expect(await theme()).toBe('dark')
    await page.context().close()
  })
})
