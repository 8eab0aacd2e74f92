import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { createLocalWorker } from '#runtime/dispatch/local-worker.ts'

export type Answering = { ask: (prompt: string) => Promise<string>; stop: () => Promise<void> }

/** A real worker that answers with `local:tiny`, or with the model of a GGUF file: greedy, at most 128 tokens. */
export const startAnswering = async (named: string): Promise<Answering> => {
  const folder = await mkdtemp(join(tmpdir(), 'patchbay-measure-'))
  const worker = createLocalWorker({ models: folder })
  const stop = async () => {
    await worker.stop()
    await rm(folder, { recursive: true })
  }
  try {
    const file = named.startsWith('local:') ? undefined : named
    if (file !== undefined) await copyFile(file, join(folder, basename(file)))
    const id = file === undefined ? named : `local:${basename(file)}`
    const { url, model, token } = await worker.endpoint(id, AbortSignal.timeout(60_000))
    const ask = async (prompt: string): Promise<string> => {
      const response = await fetch(`${url}/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
        body: JSON.stringify({ model, temperature: 0, max_tokens: 128, messages: [{ role: 'user', content: prompt }] }),
      })
      const answer = await response.json()
      if (!response.ok) throw new Error(JSON.stringify(answer))
      return answer.choices[0].message.content
    }
    return { ask, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
