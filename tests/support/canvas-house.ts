import type { Page } from 'playwright-core'
import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { Pipeline, Saved } from '#server/api.ts'
import { type Look, launchBrowser, openPage } from './browser.ts'
import { serveEditor } from './served-editor.ts'

export type CanvasHouse = Awaited<ReturnType<typeof openCanvasHouse>>

/** The whole product with a browser: makes pipelines and opens their canvases, each page a person of its own. */
export const openCanvasHouse = async () => {
  const server = await serveEditor()
  const browser = await launchBrowser()
  const create = (document: PipelineDocument) => server.call<Saved>('POST', '/api/pipelines', { document })
  const open = async (path: string, look?: Look): Promise<Page> => {
    const page = await openPage(browser, server, look)
    await page.goto(path)
    return page
  }
  return {
    server,
    create,
    read: (id: string) => server.call<Pipeline>('GET', `/api/pipelines/${id}`),
    open,
    /** Makes a pipeline and opens its canvas. */
    draw: async (document: Omit<PipelineDocument, 'format' | 'name'>, look?: Look) => {
      const { id } = await create({ format: 'patchbay/1', name: 'Drawn', ...document })
      const page = await open(`/p/${id}`, look)
      await page.locator('.desk-canvas').waitFor()
      return { id, page }
    },
    close: async () => {
      await browser.close()
      await server.stop()
    },
  }
}
