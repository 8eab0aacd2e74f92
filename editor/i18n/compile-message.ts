import { compileMessageOrThrow } from '@lingui/message-utils/compileMessage'

const written = /\{\s*(\w+)\s*,\s*josa\s*,\s*([^}\s]+)\s*\}/g

/**
 * Compiles an ICU message in which `{name, josa, 을/를}` is the value with the particle that fits it. Runs when the editor is
 * built: the browser gets compiled texts and no parser.
 */
export const compileMessage = (message: string) => compileMessageOrThrow(message.replace(written, '{$1}⟦$2⟧'))
