import { readFile } from 'node:fs/promises'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { askModel } from '#tests/support/ask-model.ts'
import { type Recorded, type RecordedProvider, startRecordedProvider } from '#tests/support/recorded-provider.ts'

const fixture = (name: string) => readFile(new URL(`./fixtures/${name}`, import.meta.url), 'utf8')
const secrets = { openai: 'sk-test', anthropic: 'ak-test', google: 'gk-test', 'office-key': 'ok-test' }

let provider: RecordedProvider
let answer: () => Recorded
beforeEach(async () => {
  provider = await startRecordedProvider(() => answer())
  vi.stubEnv('OPENAI_BASE_URL', `${provider.url}/v1`)
  vi.stubEnv('ANTHROPIC_BASE_URL', provider.url)
  vi.stubEnv('GOOGLE_GEMINI_BASE_URL', provider.url)
  vi.stubEnv('OLLAMA_HOST', provider.url)
  // Someone else's account in the environment must not be used.
  for (const name of ['OPENAI_API_KEY', 'ANTHROPIC_API_KEY', 'GOOGLE_API_KEY']) vi.stubEnv(name, 'of-the-environment')
})
afterEach(async () => {
  vi.unstubAllEnvs()
  await provider.close()
})

const jsonl = { 'content-type': 'application/x-ndjson' }
const providers = [
  { model: 'openai:gpt-5.4-nano', file: 'openai.sse', headers: undefined, usage: { inputTokens: 9, outputTokens: 3 } },
  {
    model: 'anthropic:claude-haiku-4-5',
    file: 'anthropic.sse',
    headers: undefined,
    usage: { inputTokens: 11, outputTokens: 6 },
  },
  {
    model: 'google:gemini-2.5-flash-lite',
    file: 'google.sse',
    headers: undefined,
    usage: { inputTokens: 8, outputTokens: 3 },
  },
  { model: 'ollama:qwen3:4b', file: 'ollama.jsonl', headers: jsonl, usage: { inputTokens: 10, outputTokens: 4 } },
]

describe.each(providers)('$model', ({ model, file, headers, usage }) => {
  const recorded = async (more: Partial<Recorded> = {}): Promise<Recorded> => ({
    body: await fixture(file),
    ...(headers && { headers }),
    ...more,
  })

  test('streams an answer and counts its tokens', async () => {
    const body = await recorded()
    answer = () => body
    const asked = await askModel({ model }, { secrets })
    expect(asked.texts).toEqual(['Hello', ' 세상'])
    expect(asked.end).toEqual({ type: 'end', finish: 'stop', usage })
  })

  test('sends the key of its secret, the model and the limit, and calls nothing else', async () => {
    const body = await recorded()
    answer = () => body
    await askModel(
      {
        model,
        messages: [
          { role: 'system', content: 'Be kind' },
          { role: 'user', content: 'Hi' },
        ],
      },
      { secrets },
    )
    expect(provider.heard).toHaveLength(1)
    const [heard] = provider.heard
    const sent = JSON.stringify([heard?.path, heard?.headers, heard?.body])
    const secret = { openai: 'sk-test', anthropic: 'ak-test', google: 'gk-test' }[model.split(':')[0] ?? '']
    if (secret) expect(sent).toContain(secret)
    expect(sent).not.toContain('of-the-environment')
    expect(sent).toContain(model.slice(model.indexOf(':') + 1))
    expect(sent).toContain('Be kind')
    expect(sent).toContain(':32')
  })

  test('an answer that breaks off is an error, never a short answer', async () => {
    const whole = await recorded()
    const half = whole.body.slice(0, whole.body.indexOf('세상'))
    answer = () => ({ ...whole, body: half.slice(0, half.lastIndexOf('\n') + 1), broken: true })
    await expect(askModel({ model }, { secrets })).rejects.toMatchObject({ name: 'NodeError', retry: 'later' })
  })

  test('an abort closes the connection at once', async () => {
    const whole = await recorded()
    const half = whole.body.slice(0, whole.body.indexOf('세상'))
    answer = () => ({ ...whole, body: half.slice(0, half.lastIndexOf('\n') + 1), open: true })
    const controller = new AbortController()
    const asked = askModel({ model, signal: controller.signal }, { secrets })
    await vi.waitFor(() => expect(provider.heard).toHaveLength(1), 5_000)
    controller.abort(new Error('cancelled by the test'))
    await expect(asked).rejects.toThrow('cancelled by the test')
    await vi.waitFor(() => expect(provider.left()).toBe(1), 1_000)
  })

  test('nobody listening is a network failure that may pass', async () => {
    await provider.close()
    await expect(askModel({ model }, { secrets })).rejects.toMatchObject({ code: 'network-down', retry: 'later' })
    provider = await startRecordedProvider(() => answer())
  })
})

describe('an OpenAI-compatible server named in the document', () => {
  const resources = () => ({ office: { kind: 'provider', baseUrl: `${provider.url}/v1`, secret: 'office-key' } })

  test('is called with the key that its resource names', async () => {
    const body = await fixture('openai.sse')
    answer = () => ({ body })
    const { text } = await askModel({ model: 'office:qwen/qwen3:8b' }, { secrets, resources: resources() })
    expect(text).toBe('Hello 세상')
    expect(provider.heard[0]).toMatchObject({
      path: '/v1/chat/completions',
      body: { model: 'qwen/qwen3:8b', temperature: 0 },
    })
    expect(provider.heard[0]?.headers.authorization).toBe('Bearer ok-test')
  })

  test('gets no key of anyone where it asks for none', async () => {
    const body = await fixture('openai.sse')
    answer = () => ({ body })
    vi.stubEnv('OPENAI_ORGANIZATION', 'org-secret')
    const free = { office: { kind: 'provider', baseUrl: `${provider.url}/v1` } }
    await askModel({ model: 'office:qwen' }, { secrets, resources: free })
    expect(JSON.stringify(provider.heard[0]?.headers)).not.toMatch(/of-the-environment|sk-test|org-secret/)
  })

  // The command line reads all of these from PATCHBAY_SECRET_OPENAI; the last has a dotless i, which is upper-cased to I.
  test.each(['openai', 'OpenAI', 'OPENAI', 'opena\u0131'])(
    'may not have the key of a hosted account sent to it as %s',
    async (secret) => {
      const thief = { office: { kind: 'provider', baseUrl: `${provider.url}/v1`, secret } }
      await expect(askModel({ model: 'office:x' }, { secrets, resources: thief })).rejects.toMatchObject({
        code: 'key-reserved',
      })
      expect(provider.heard).toEqual([])
    },
  )

  test('must be a provider with an address', async () => {
    const index = { office: { kind: 'index' } }
    await expect(askModel({ model: 'office:x' }, { secrets, resources: index })).rejects.toMatchObject({
      code: 'provider-invalid',
      details: { model: 'office:x', provider: 'office' },
    })
    await expect(askModel({ model: 'nobody:x' }, { secrets })).rejects.toMatchObject({ code: 'resource-missing' })
    await expect(askModel({ model: 'tiny' }, { secrets })).rejects.toMatchObject({
      code: 'model-id-invalid',
      details: { model: 'tiny' },
    })
  })
})
