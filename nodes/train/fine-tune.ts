import { defineNode } from '../define.ts'
import { NodeError } from '../errors.ts'
import { trainingConfig } from '../lib/training-config.ts'
import { asJsonl, drawLines, readLines, splitLines, trainingLine } from '../lib/training-rows.ts'
import { port, type Row } from '../ports.ts'

const tickets = [
  { text: 'The gravel mill hums at night.', team: 'team Heron' },
  { text: '밤마다 제분기에서 소리가 나요.', team: 'team Heron' },
]

export const fineTune = defineNode({
  type: 'fine-tune',
  version: 1,
  title: { en: 'Fine-tune', ko: '미세 조정' },
  group: 'train',
  icon: 'graduation-cap',
  docs: {
    en: 'Teaches a model with the rows of a dataset and keeps the result as the next version of a tuned model, with where it came from. A worker with the trainer does it (`npm run trainer:setup` once on this machine); loss and time left show on the node, stopping the run stops it, and a lost worker is replaced from the last checkpoint. Wire rows of old tasks into `replay`: a model that only sees new ones forgets the others.',
    ko: '데이터셋의 행으로 모델을 가르치고, 결과를 출처와 함께 조정한 모델의 다음 버전으로 남겨요. 학습 도구가 있는 워커가 맡아요(이 컴퓨터에서는 `npm run trainer:setup`을 한 번 실행해요). 손실과 남은 시간이 노드에 보이고, 실행을 멈추면 학습도 멈추고, 워커가 사라지면 마지막 저장 지점부터 이어서 해요. 새 일만 배우면 예전 일을 잊으니 예전 일의 행을 `replay`에 연결하세요. 모든 설정의 뜻은 양식에 있어요.',
  },
  keywords: ['train', 'lora', 'adapter', 'dpo', 'sft', 'finetune', '학습', '훈련', '미세조정', '어댑터'],
  config: trainingConfig,
  inputs: {
    rows: port.each(port.row('Rows')),
    evaluation: port.optional(port.each(port.row('Evaluation'))),
    replay: port.optional(port.each(port.row('Replay'))),
  },
  outputs: { model: port.model(), report: port.json() },
  effect: 'writes',
  needs: ({ gpus, memory }) => (gpus > 0 ? { gpu: { memory: `${memory}GB` as const, count: gpus } } : {}),
  summary: '{base} → {name}',
  examples: [
    {
      title: { en: 'Teach which team takes a ticket', ko: '문의를 맡을 팀 가르치기' },
      config: { name: 'team-router', prompt: 'Which team?\n{{text}}', completion: '{{team}}', epochs: 4 },
      inputs: { rows: tickets },
    },
    {
      title: { en: 'Nothing to learn from', ko: '배울 행이 없을 때' },
      config: { name: 'team-router' },
      inputs: { rows: [] },
      error: 'no-rows',
    },
    {
      title: { en: 'A template names a field that is not there', ko: '템플릿의 필드가 행에 없을 때' },
      config: { prompt: '{{ticket}}', completion: '{{team}}' },
      inputs: { rows: tickets },
      error: 'field-missing',
    },
    {
      title: { en: 'Rows that no trainer reads', ko: '학습할 수 없는 꼴의 행' },
      config: {},
      inputs: { rows: tickets },
      error: 'row-invalid',
    },
  ],
  run: async (context) => {
    const { config, inputs, artifacts } = context
    const { name, base, method, gpus, memory, precision, replayPerRow, evaluationShare, seed, ...rest } = config
    const { prompt, completion, rejected, text, ...numbers } = rest
    const templates = { prompt, completion, rejected, text }
    if (!base.startsWith('local:'))
      throw new NodeError(
        'base-invalid',
        `"${base}" cannot be trained here. Choose a local: model whose weights are on the worker.`,
        {
          details: { base },
        },
      )

    const plain = (row: Row, where: string) => trainingLine(row, method, templates, where)
    const given = await readLines(inputs.rows, 'rows', plain)
    const held = await readLines(inputs.evaluation, 'evaluation', plain)
    const old = await readLines(inputs.replay, 'replay', (row, where) =>
      trainingLine(row, method, templates, where, { asIs: true }),
    )
    const { train, evaluation } = inputs.evaluation
      ? { train: given.lines, evaluation: held.lines }
      : splitLines(given.lines, evaluationShare, seed)
    if (train.length === 0)
      throw new NodeError('no-rows', 'There are no rows to learn from. Wire a dataset with rows into "rows".', {
        details: { holes: given.holes },
      })
    const replayed = drawLines(old.lines, Math.round(train.length * replayPerRow), seed)

    const mime = 'application/jsonl'
    const data = await artifacts.write(asJsonl([...train, ...replayed]), mime, 'train.jsonl')
    const evaluated = evaluation.length > 0 && {
      evaluation: await artifacts.write(asJsonl(evaluation), mime, 'evaluation.jsonl'),
    }
    const spec = { method, base, name, ...numbers, seed, ...(precision !== 'auto' && { precision }) }
    const job = await context.job({
      kind: 'train',
      spec,
      inputs: { data, ...evaluated },
      needs: { gpus, memory: memory * 2 ** 30 },
    })

    const counts = { rows: train.length, replayed: replayed.length, evaluated: evaluation.length, holes: given.holes }
    const { model } = await context.keepModel({
      name,
      base,
      form: 'adapter_config.json' in job.outputs ? 'adapter' : 'whole',
      files: job.outputs,
      dataDigest: data.sha256,
      settings: { ...spec, templates, ...counts },
      metrics: job.summary,
      job: job.id,
    })
    return { model: { model }, report: JSON.parse(JSON.stringify({ ...job.summary, ...counts, model, job: job.id })) }
  },
})
