import type { Browser, Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { Page as ApiPage, DeploymentInfo, JobInfo, WorkerInfo } from '#server/api.ts'
import { launchBrowser, openPage } from '../support/browser.ts'
import { enrolIdleWorker } from '../support/idle-worker.ts'
import { type ServedEditor, serveEditor } from '../support/served-editor.ts'
import { runTeach } from '../support/training-scene.ts'
import { runWorker, temporaryFolder } from '../support/worker-process.ts'

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
  onTestFinished(() => page.context().close())
  await page.goto(path)
  return page
}
const table = (page: Page, name: string) => page.getByRole('table', { name })

describe('workers', () => {
  it('come in by the command that is shown once, take nothing new when drained, and are removed after a question', async () => {
    const page = await visit('/workers')
    await table(page, 'Workers').getByText('this server').waitFor()
    await page.getByRole('button', { name: 'Add a worker' }).click()
    const dialog = page.getByRole('dialog', { name: 'Add a worker' })
    const command = (await dialog.locator('code').textContent()) ?? ''
    const [, at, token] = /^npm run worker -- --server (\S+) --token (\S+)$/.exec(command) ?? []
    expect(at).toBe(server.url)

    runWorker([
      '--server',
      at ?? '',
      '--token',
      token ?? '',
      '--name',
      'second-machine',
      '--data',
      await temporaryFolder(),
    ])
    await dialog.getByText('second-machine is here').waitFor({ timeout: 60_000 })
    await dialog.getByRole('button', { name: 'Close' }).click()
    await expect.poll(() => page.content()).not.toContain(token)

    const row = table(page, 'Workers').getByRole('row', { name: /second-machine/ })
    await row.getByText('Ready').waitFor()
    await row.getByRole('link').click()
    const panel = page.getByRole('complementary', { name: 'Worker second-machine' })
    await panel.getByText('adapters').waitFor()

    await panel.getByRole('button', { name: 'Drain' }).click()
    const last = page.getByRole('dialog', { name: 'Drain second-machine?' })
    await last.getByRole('button', { name: 'Drain' }).click()
    await row.getByText('Takes nothing new').waitFor()
    await panel.getByRole('button', { name: 'Take work again' }).click()
    await row.getByText('Ready').waitFor()

    await panel.getByRole('button', { name: 'Remove worker' }).click()
    const question = page.getByRole('dialog', { name: 'Remove second-machine?' })
    await question.getByRole('button', { name: 'Remove worker' }).click()
    // Under an open dialog nothing behind it has a role, so that the row would seem gone before it is.
    await question.waitFor({ state: 'detached' })
    await row.waitFor({ state: 'detached' })
    const { items } = await server.call<ApiPage<WorkerInfo>>('GET', '/api/workers')
    expect(items.map(({ name }) => name)).toEqual(['local'])
  }, 120_000)
})

describe('jobs', () => {
  it('say why they wait, are cancelled by a click, and the run says so', async () => {
    const worker = await enrolIdleWorker(server)
    onTestFinished(worker.stop)
    const { run } = await runTeach(server)
    const page = await visit('/jobs')
    const row = table(page, 'Jobs').getByRole('row', { name: /Training/ })
    await row.getByText('All workers are busy').waitFor({ timeout: 30_000 })
    await row.getByRole('button', { name: /^Cancel job/ }).click()
    await row.getByText('Stopped').waitFor()
    const { items } = await server.call<ApiPage<JobInfo>>('GET', '/api/jobs')
    expect(items.map((job) => job.state)).toEqual(['cancelled'])

    await page.getByRole('link', { name: 'Open run' }).click()
    await page.getByRole('heading', { name: /Tune failed/ }).waitFor()
    await page.getByText('The job was cancelled').first().waitFor()
    expect(page.url()).toContain(run)
  }, 90_000)

  it('show on the node that they wait, and stop with the run', async () => {
    const worker = await enrolIdleWorker(server)
    onTestFinished(worker.stop)
    const { pipeline, run } = await runTeach(server)
    const page = await visit(`/p/${pipeline}?run=${run}`)
    await page.locator('[data-node=tune]').getByText('Waits for a worker').waitFor({ timeout: 30_000 })
    await page.getByRole('button', { name: 'Stop' }).click()
    const state = async () => (await server.call<ApiPage<JobInfo>>('GET', '/api/jobs')).items[0]?.state
    await expect.poll(state, { timeout: 15_000 }).toBe('cancelled')
  }, 90_000)
})

describe('models', () => {
  it('say which are ready, and copy their id', async () => {
    const page = await visit('/models')
    const row = table(page, 'Models').getByRole('row', { name: /local:tiny/ })
    await row.getByText('Ready').waitFor()
    await table(page, 'Models').getByRole('link', { name: 'gpt-5.6', exact: true }).click()
    const panel = page.getByRole('complementary', { name: 'Model gpt-5.6' })
    await panel.getByText('openai:gpt-5.6').waitFor()
    await panel.getByRole('link', { name: 'Add key' }).click()
    await page.getByRole('heading', { name: 'Secrets' }).waitFor()
  })
})

describe('deployments', () => {
  it('are made under a name, go back by one click, and are deleted after a question', async () => {
    const page = await visit('/deployments')
    await page.getByText('Deployments will be here').waitFor()
    await page.getByRole('button', { name: 'Deploy', exact: true }).click()
    const dialog = page.getByRole('dialog', { name: 'Deploy' })
    await dialog.getByLabel('Name').fill('helper')
    await dialog.getByRole('combobox', { name: 'Model' }).selectOption('local:tiny')
    await dialog.getByRole('button', { name: 'Deploy' }).click()
    const panel = page.getByRole('complementary', { name: 'Deployment helper' })
    await panel.getByText('revision 1 is live').waitFor()
    expect(await panel.locator('pre').textContent()).toContain(`BASE=${server.url}/v1\ncurl $BASE/chat/completions`)

    await server.call('POST', '/api/deployments', { name: 'helper', target: { kind: 'model', model: 'local:tiny' } })
    await page.reload()
    await panel.getByText('revision 2 is live').waitFor()
    await panel.getByRole('button', { name: 'Roll back to revision 1' }).click()
    await panel.getByText('revision 1 is live').waitFor()
    expect((await server.call<DeploymentInfo>('GET', '/api/deployments/helper')).revision).toBe(1)

    await panel.getByRole('button', { name: 'Delete deployment' }).click()
    const question = page.getByRole('dialog', { name: 'Delete helper?' })
    await question.getByRole('button', { name: 'Delete deployment' }).click()
    await page.getByText('Deployments will be here').waitFor()
  }, 60_000)

  it('can be all that a key may call', async () => {
    await server.call('POST', '/api/deployments', { name: 'only-this', target: { kind: 'model', model: 'local:tiny' } })
    const page = await visit('/settings/keys')
    await page.getByRole('button', { name: 'Make API key' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByLabel('Name', { exact: true }).fill('A partner')
    await dialog.getByLabel('Access').selectOption('serve')
    await dialog.getByRole('button', { name: 'Add only-this' }).click()
    await dialog.getByRole('button', { name: 'Make API key' }).click()
    const key = await dialog.locator('code').textContent()
    const listed = await fetch(`${server.url}/v1/models`, { headers: { authorization: `Bearer ${key}` } })
    const { data } = (await listed.json()) as { data: { id: string }[] }
    expect(data.map(({ id }) => id)).toEqual(['only-this'])
    await dialog.getByRole('button', { name: 'I copied it' }).click()
    await page
      .getByRole('row', { name: /A partner/ })
      .getByText('1 name')
      .waitFor()
  })
})
