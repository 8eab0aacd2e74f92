import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { serveStatic } from '@hono/node-server/serve-static'
import { Hono } from 'hono'

/** Only our own scripts; style attributes and tags are made at run time by the components. */
const policy = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

export const pageHeaders = {
  'content-security-policy': policy,
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
}

const notBuilt = `<!doctype html><meta charset="utf-8"><title>Patchbay</title>
<p>The server runs, but the editor is not built. Stop it and start it with <code>npm start</code>, which builds the editor.</p>`

/** The built editor. Every address that is no file answers the one page, so that links into the app work. */
export const editorFiles = (folder: string) => {
  const app = new Hono()
  app.use(async (c, next) => {
    for (const [name, value] of Object.entries(pageHeaders)) c.header(name, value)
    await next()
  })
  if (!existsSync(join(folder, 'index.html'))) return app.get('*', (c) => c.html(notBuilt, 503))
  const page = serveStatic({ path: join(folder, 'index.html') })
  // Names of built assets hold a digest of their content.
  app.get('/assets/*', async (c, next) => {
    c.header('cache-control', 'public, max-age=31536000, immutable')
    const found = await serveStatic({ root: folder })(c, next)
    if (!found) c.header('cache-control', 'no-store')
    return found
  })
  app.get('*', async (c, next) => {
    c.header('cache-control', 'no-cache')
    // Files lie in the root and in assets/; deeper down a dot belongs to a name, such as /models/openai:gpt-5.6.
    if (/^\/(assets\/.*|[^/]*)\.[a-z0-9]+$/i.test(c.req.path)) return serveStatic({ root: folder })(c, next)
    return page(c, next)
  })
  return app
}
