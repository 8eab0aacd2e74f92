import type { Page } from 'playwright-core'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import type { DeploymentInfo, Saved } from '#server/api.ts'
import type { Look } from '../support/browser.ts'
import { type CanvasHouse, openCanvasHouse } from '../support/canvas-house.ts'
import { wire } from '../support/wire.ts'

let house: CanvasHouse
beforeAll(async () => {
  house = await openCanvasHouse()
})
afterAll(() => house.close())

const visit = async (path: string, look?: Look): Promise<Page> => {
  const page = await house.open(path, look)
  onTestFinished(() => page.context().close())
  return page
}
const make = async (name: string, fields: Record<string, string>): Promise<string> => {
  const document = wire(
    {
      ask: { type: 'input', config: { fields } },
      write: { type: 'prompt', config: { template: '{{ticket}}' }, at: [240, 0] },
      out: { type: 'output', config: { fields: { queue: 'text' } }, at: [480, 0] },
    },
    'ask.ticket > write.ticket',
    'ask.ticket > out.queue',
  )
  const { id } = await house.server.call<Saved>('POST', '/api/pipelines', { document: { ...document, name } })
  await house.server.call('POST', `/api/pipelines/${id}/publish`)
  return id
}
const file = (name: string, text: string) => ({ name, mimeType: 'application/json', buffer: Buffer.from(text) })

describe('deploying a pipeline', () => {
  it('asks for fields that the pipeline has, and chooses where there is one', async () => {
    const pipeline = await make('Triage', { ticket: 'text' })
    const page = await visit('/deployments')
    // Nothing is deployed: the one button stands in the list.
    await page.getByRole('button', { name: 'Deploy' }).click()
    const dialog = page.getByRole('dialog', { name: 'Deploy' })
    await dialog.getByLabel('Name').fill('triage')
    await dialog.getByText('Pipeline', { exact: true }).click()
    await dialog.getByLabel('Pipeline', { exact: true }).selectOption(pipeline)
    await dialog.locator('select option:checked', { hasText: 'ticket' }).waitFor({ state: 'attached' })
    await dialog.getByRole('button', { name: 'Deploy' }).click()
    await page.getByRole('complementary', { name: 'Deployment triage' }).waitFor()
    expect(await house.server.call<DeploymentInfo>('GET', '/api/deployments/triage')).toMatchObject({
      target: { pipeline, input: 'ticket', output: 'queue' },
    })
  })

  it('says beside the field what a chat would leave empty', async () => {
    const pipeline = await make('Sized', { ticket: 'text', size: 'number' })
    const page = await visit('/deployments', { language: 'ko' })
    await page.getByRole('button', { name: '배포하기' }).click()
    const dialog = page.getByRole('dialog')
    await dialog.getByText('파이프라인', { exact: true }).click()
    await dialog.getByLabel('파이프라인', { exact: true }).selectOption(pipeline)
    await dialog.getByText('이 파이프라인에는 size도 필요해요', { exact: false }).waitFor()
  })
})

it('says that a name is not there, with the list beside it', async () => {
  const page = await visit('/deployments/nobody')
  await page.getByRole('complementary', { name: 'nobody is not here' }).waitFor()
  await page.getByRole('table', { name: 'Deployments' }).getByRole('link', { name: 'triage' }).waitFor()
})

it('tells of each file why it is no pipeline and where, and takes the others', async () => {
  const page = await visit('/')
  const good = wire({ ask: { type: 'input', config: { fields: { q: 'text' } } } })
  await page
    .getByLabel('Import', { exact: true })
    .setInputFiles([
      file('broken.json', '{"format": "patchbay/1", "nodes": [}'),
      file('other.json', '{"hello": 1}'),
      file('good.json', JSON.stringify({ ...good, name: 'A good one' })),
    ])
  const broken = page.getByRole('alert').filter({ hasText: 'broken.json' })
  await broken.getByRole('listitem').filter({ hasText: 'line 1, column 36' }).waitFor()
  const other = page.getByRole('alert').filter({ hasText: 'other.json' })
  await other.getByRole('listitem').filter({ hasText: '"patchbay/1" is missing' }).waitFor()
  await page.getByText('A good one').waitFor()
  await broken.getByRole('button', { name: 'Close' }).click()
  await broken.waitFor({ state: 'detached' })
})

it.each([
  ['en', 'Template', 'It is empty. Write something.', 'Check Template'],
  ['ko', '템플릿', '비어 있어요. 내용을 적으세요.', '템플릿 확인'],
] as const)('says in the words of %s that a template is empty', async (language, label, reason, short) => {
  const page = await visit(`/p/${await make(`Empty ${language}`, { ticket: 'text' })}`, { language })
  await page.locator('.react-flow__node').nth(1).click()
  await page.getByLabel(label, { exact: true }).fill('')
  await page.getByRole('alert').filter({ hasText: reason }).waitFor()
  await page.getByRole('button', { name: short }).waitFor()
  await page.getByText(`${label}: ${reason}`).waitFor()
})

it('opens the keys on ? and names the tab after the page', async () => {
  const page = await visit('/runs')
  await page.getByRole('heading', { name: 'Runs' }).waitFor()
  expect(await page.title()).toBe('Runs · Patchbay')
  await page.keyboard.press('?')
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).getByText('Find and do').waitFor()
})

it('shows how a webhook is called with the fields of its pipeline', async () => {
  const pipeline = await make('Hooked', { ticket: 'text' })
  await house.server.call('POST', '/api/hooks', { name: 'hooked', pipeline, auth: 'bearer' })
  const page = await visit('/settings/webhooks')
  await page.getByRole('button', { name: 'Call /hooks/hooked' }).click()
  const sample = page.getByRole('dialog').locator('pre')
  await sample.getByText('{"ticket":"Hello"}').waitFor()
  await sample.getByText('Authorization: Bearer $HOOK_SECRET').waitFor()
})
