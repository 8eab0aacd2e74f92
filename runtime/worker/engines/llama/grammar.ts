import { type Llama, LlamaGrammar } from 'node-llama-cpp'
import { WorkerError } from '../../errors.ts'

/** The library ends a JSON grammar with newlines that only its own chat session knows how to stop at. */
const trailer = /^(root ::= .*?) "\\n\\n\\n\\n" \[\\n\]\*$/m

/** A grammar under which every finished answer is JSON of this schema. */
export const jsonGrammar = async (llama: Llama, schema: Record<string, unknown>): Promise<LlamaGrammar> => {
  if (Object.keys(schema).length === 0) return LlamaGrammar.getFor(llama, 'json')
  try {
    // The schema comes from outside; the library throws on what it can not express.
    const made = await llama.createGrammarForJsonSchema(schema as Parameters<Llama['createGrammarForJsonSchema']>[0])
    const { grammar } = made
    return llama.createGrammar({ grammar: grammar.replace(trailer, '$1') })
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new WorkerError('unsupported_schema', `This JSON schema can not become a grammar: ${reason}. Simplify it.`, {
      cause,
      param: 'response_format',
    })
  }
}
