import {
  type ChatHistoryItem,
  type ChatWrapper,
  JinjaTemplateChatWrapper,
  type LlamaModel,
  resolveChatWrapper,
} from 'node-llama-cpp'
import { z } from 'zod'
import type { ChatMessage } from '../../protocol.ts'

const withTemplate = z.object({ tokenizer: z.object({ chat_template: z.string().min(1) }) })

/**
 * The model's own chat template, rendered as it stands: no system prompt is added, and messages of one role are not joined.
 * (LlamaChatSession would inject a system prompt that the template's author never saw.)
 */
export const chatTemplateOf = (model: LlamaModel): ChatWrapper => {
  const metadata = withTemplate.safeParse(model.fileInfo.metadata)
  if (!metadata.success) return resolveChatWrapper(model)
  return new JinjaTemplateChatWrapper({
    template: metadata.data.tokenizer.chat_template,
    tokenizer: model.tokenizer,
    joinAdjacentMessagesOfTheSameType: false,
    reasoning: null,
  })
}

const asHistory = (message: ChatMessage): ChatHistoryItem => {
  switch (message.role) {
    case 'system':
      return { type: 'system', text: message.content }
    case 'user':
      return { type: 'user', text: message.content }
    case 'assistant':
      return { type: 'model', response: [message.content] }
  }
}

/** Tokens of the prompt. Only the template's own text may become control tokens: a message can not forge a turn. */
export const encodePrompt = (model: LlamaModel, template: ChatWrapper, messages: readonly ChatMessage[]) => {
  const last = messages.at(-1)
  const history = messages.map(asHistory)
  const open: ChatHistoryItem[] = last?.role === 'assistant' ? [] : [{ type: 'model', response: [] }]
  const tokens = template
    .generateContextState({ chatHistory: [...history, ...open] })
    .contextText.tokenize(model.tokenizer)
  const { bos, shouldPrependBosToken } = model.tokens
  return shouldPrependBosToken && bos !== null && tokens[0] !== bos ? [bos, ...tokens] : tokens
}
