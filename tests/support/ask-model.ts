import type { Resource } from '#nodes/define.ts'
import { NodeError } from '#nodes/errors.ts'
import { type ChatPiece, type ChatRequest, chatModel } from '#nodes/lib/chat-model.ts'

export type Asked = { texts: string[]; text: string; end: Extract<ChatPiece, { type: 'end' }> | undefined }
export type AskContext = {
  secrets?: Record<string, string>
  resources?: Record<string, Record<string, unknown>>
}

/** Asks a model through the nodes' door, with a context like a step's. */
export const askModel = async (
  request: Partial<ChatRequest> & { model: string },
  { secrets = {}, resources = {} }: AskContext = {},
): Promise<Asked> => {
  const asked: Asked = { texts: [], text: '', end: undefined }
  const pieces = chatModel(
    {
      messages: [{ role: 'user', content: 'Say hello' }],
      temperature: 0,
      maxTokens: 32,
      signal: AbortSignal.timeout(20_000),
      ...request,
    },
    {
      endpoint: async (model) => {
        throw new NodeError('model-missing', `There is no worker for "${model}" in this test.`)
      },
      secret: async (name) => {
        const value = secrets[name]
        if (value === undefined) throw new NodeError('secret-missing', `There is no secret "${name}". Add it.`)
        return value
      },
      resource: async (name): Promise<Resource> => {
        const entry = resources[name]
        if (!entry) throw new NodeError('resource-missing', `There is no resource "${name}". Add it.`)
        const { kind, ...settings } = entry
        return { name, kind: String(kind), settings, digest: '', files: [] }
      },
    },
  )
  for await (const piece of pieces) {
    if (piece.type === 'text') asked.texts.push(piece.text)
    else asked.end = piece
  }
  return { ...asked, text: asked.texts.join('') }
}
