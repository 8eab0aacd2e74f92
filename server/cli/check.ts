import { formatFindings, judge, readPipeline } from './document.ts'
import { findFiles } from './files.ts'
import { exitCodes, UsageError } from './usage-error.ts'

/** `patchbay check FILE…`: says what is wrong with pipelines, as publishing would. */
export const checkFiles = async (files: readonly string[], say: (line: string) => void): Promise<number> => {
  let worst: number = exitCodes.ok
  for (const file of files) {
    try {
      const document = await readPipeline(file)
      const paths = (await findFiles(file, document)).map(({ path }) => path)
      const { findings } = judge(document, paths)
      if (findings.length > 0) say(formatFindings(file, findings))
      const errors = findings.filter((finding) => finding.level === 'error').length
      if (errors > 0) worst = Math.max(worst, exitCodes.failed)
      else say(`${file}: ok${findings.length > 0 ? `, ${findings.length} warnings` : ''}`)
    } catch (error) {
      if (!(error instanceof UsageError)) throw error
      say(error.message)
      worst = exitCodes.usage
    }
  }
  return worst
}
