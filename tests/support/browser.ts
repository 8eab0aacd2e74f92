import { existsSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { type Browser, chromium, type Page } from 'playwright-core'

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome']

/** The browser of this machine. Absent means fail: a test that is skipped proves nothing. */
const browserPath = (): string => {
  const folders = (process.env['PATH'] ?? '').split(delimiter)
  const found = folders.flatMap((folder) => names.map((name) => join(folder, name))).find((path) => existsSync(path))
  if (found) return found
  throw new Error(
    'These tests need Chromium or Chrome on the PATH. Install it, for example with apt-get install chromium.',
  )
}

/** A headless browser that asks nothing of the network by itself. */
export const launchBrowser = (): Promise<Browser> =>
  chromium.launch({
    executablePath: browserPath(),
    args: [
      '--no-sandbox',
      '--headless',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  })

export type Look = { language?: 'en' | 'ko'; theme?: 'light' | 'dark'; width?: number; height?: number }

/** A page in a context of its own, as a person with this language and theme would have it. `token` signs it in. */
export const openPage = async (
  browser: Browser,
  server: { url: string; token?: string },
  look: Look = {},
): Promise<Page> => {
  const { language = 'en', theme = 'light', width = 1440, height = 900 } = look
  const context = await browser.newContext({
    viewport: { width, height },
    locale: language === 'ko' ? 'ko-KR' : 'en-US',
    colorScheme: theme,
    baseURL: server.url,
  })
  if (server.token !== undefined) {
    const signedIn = await context.request.post('/api/session', {
      data: { token: server.token },
      headers: { origin: server.url },
    })
    if (!signedIn.ok()) throw new Error(`Signing in failed: ${signedIn.status()}`)
  }
  // Sooner than a test's own limit, so that what was waited for is named.
  context.setDefaultTimeout(15_000)
  return context.newPage()
}
