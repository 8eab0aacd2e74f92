import { readFile } from 'node:fs/promises'
import { catalogue, registry } from '#nodes/registry.ts'
import { configParser } from '#runtime/pipeline/config.ts'
import type { Finding, PipelineDocument } from '#runtime/pipeline/document.ts'
import { parseDocument } from '#runtime/pipeline/parse.ts'
import { createJudge } from '../judge.ts'
import { UsageError } from './usage-error.ts'

/** Joins documents with all node types of this program. */
export const judge = createJudge(
  catalogue,
  configParser((entry) => registry.get(entry.type)?.config),
)

/**
 * Reads a pipeline file.
 * @throws UsageError when it is no pipeline; what is wrong with its meaning is for `judge`
 */
export const readPipeline = async (file: string): Promise<PipelineDocument> => {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UsageError(`${file} cannot be read: ${cause instanceof Error ? cause.message : cause}`, { cause })
  })
  const parsed = parseDocument(text)
  if (parsed.ok) return parsed.document
  const lines = parsed.errors.map((error) => `  ${error.pointer || '/'}  ${error.message}`)
  throw new UsageError(`${file} is not a pipeline:\n${lines.join('\n')}`)
}

/** One line per finding, as compilers write them. */
export const formatFindings = (file: string, findings: readonly Finding[]): string =>
  findings.map((finding) => `${file}: ${finding.level}: ${finding.message} (${finding.code})`).join('\n')
