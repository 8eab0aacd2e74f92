import type { StepRow } from '../journal.ts'
import { writeJsonText } from '../json-text.ts'
import { arrayText, elementText } from './array-text.ts'

/** Steps as one text per column of `journal_flush`. `run` is the position in the flush's list of runs, from 1. */
export const stepColumns = () => {
  const runs: number[] = []
  const nodes: string[] = []
  const paths: string[] = []
  const statuses: string[] = []
  const attempts: number[] = []
  const begun: string[] = []
  const durations: number[] = []
  const seqs: number[] = []
  const outputs: string[] = []
  const errors: string[] = []
  const usages: string[] = []
  const marks: string[] = []
  return {
    add: (run: number, row: StepRow, values: string | null) => {
      runs.push(run)
      nodes.push(elementText(row.node))
      paths.push(row.path.length === 0 ? 'NULL' : `"{${row.path.join(',')}}"`)
      statuses.push(row.status)
      attempts.push(row.attempt)
      begun.push(row.startedAt === null ? 'NULL' : String(row.startedAt))
      durations.push(row.ms)
      seqs.push(row.seq)
      outputs.push(values ?? 'null')
      errors.push(elementText(row.error === null ? undefined : writeJsonText(row.error)))
      usages.push(elementText(row.usage === null ? undefined : JSON.stringify(row.usage)))
      marks.push(elementText(row.mark))
    },
    /** In the order of the function's parameters. */
    parameters: (): string[] => [
      `{${runs.join(',')}}`,
      arrayText(nodes),
      arrayText(paths),
      `{${statuses.join(',')}}`,
      `{${attempts.join(',')}}`,
      arrayText(begun),
      `{${durations.join(',')}}`,
      `{${seqs.join(',')}}`,
      `[${outputs.join(',')}]`,
      arrayText(errors),
      arrayText(usages),
      arrayText(marks),
    ],
  }
}
