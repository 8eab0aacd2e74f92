import type { PipelineDocument } from '#runtime/pipeline/document.ts'
import type { Saved } from '#server/api.ts'

const node = (id: string, type: string, title: string, config: Record<string, unknown>, x: number) =>
  ({ id, type, version: 1, title, config, at: [x, 0] }) as PipelineDocument['nodes'][number]

/** Teaches a model with two rows: a run of it makes one job. */
export const teach: PipelineDocument = {
  format: 'patchbay/1',
  name: 'Teach',
  resources: { rows: { kind: 'dataset', files: ['./rows.jsonl'] } },
  nodes: [
    node('rows', 'dataset', 'Rows', { dataset: 'rows' }, 0),
    node('tune', 'fine-tune', 'Tune', { name: 'team-router', prompt: '{{q}}', completion: '{{a}}' }, 240),
    node('out', 'output', 'Result', { fields: { model: 'model' } }, 480),
  ],
  edges: [
    { from: 'rows.rows', to: 'tune.rows' },
    { from: 'tune.model', to: 'out.model' },
  ],
}
const rows = '{"q": "One?", "a": "1"}\n{"q": "Two?", "a": "2"}\n'

type Called = {
  url: string
  token: string
  call: <Answer>(method: string, path: string, body?: unknown) => Promise<Answer>
}

/** Saves the pipeline with its rows and runs it; the id of the run. */
export const runTeach = async ({ url, token, call }: Called): Promise<{ pipeline: string; run: string }> => {
  const { id: pipeline } = await call<Saved>('POST', '/api/pipelines', { document: teach })
  const sent = await fetch(`${url}/api/pipelines/${pipeline}/files/rows.jsonl`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}` },
    body: rows,
  })
  if (!sent.ok) throw new Error(`The rows were not taken: ${sent.status} ${await sent.text()}`)
  const { id: run } = await call<{ id: string }>('POST', `/api/pipelines/${pipeline}/runs`, { input: {} })
  return { pipeline, run }
}
