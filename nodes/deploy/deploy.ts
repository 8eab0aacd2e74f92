import { z } from 'zod'
import { type DeploymentRequest, defineNode } from '../define.ts'
import { NodeError } from '../errors.ts'
import { requireWired } from '../lib/wired.ts'
import { port } from '../ports.ts'

type Config = { pipeline: string; version: string; input: string; output: string }

const targetOf = (
  { pipeline, version, input, output }: Config,
  model: string | undefined,
): DeploymentRequest['target'] => {
  if (model !== undefined) return { kind: 'model', model }
  if (pipeline === '')
    throw new NodeError(
      'target-missing',
      'There is nothing to deploy. Wire a model into "model", or name a published pipeline.',
    )
  return { kind: 'pipeline', pipeline, version: version === 'latest' ? version : Number(version), input, output }
}

export const deploy = defineNode({
  type: 'deploy',
  version: 1,
  title: { en: 'Deploy', ko: '배포' },
  group: 'deploy',
  icon: 'rocket',
  docs: {
    en: 'Puts a model, or a published version of a pipeline, behind a stable name. Programs call it as `model` at `/v1/chat/completions` with an API key, as they would call OpenAI. What was served before is kept: one click goes back. With a report wired in it deploys only if the low end of the report’s interval reaches the bar.',
    ko: '모델이나 게시한 파이프라인 버전에 바뀌지 않는 이름을 붙여요. 프로그램은 API 키로 `/v1/chat/completions`에서 이 이름을 `model`로 불러요. OpenAI를 부르는 것과 같아요. 전에 쓰던 것은 남아 있어서 한 번에 되돌릴 수 있어요. 보고서를 연결하면 신뢰구간의 낮은 쪽이 기준에 닿을 때만 배포해요.',
  },
  keywords: ['publish', 'serve', 'release', 'endpoint', 'api', 'rollback', '게시', '서비스', '출시', '되돌리기'],
  config: z.object({
    name: z
      .string()
      .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'A name has 1 to 63 small letters, digits or "-".')
      .default('my-deployment')
      .meta({
        label: { en: 'Name', ko: '이름' },
        help: { en: 'What programs send as model.', ko: '프로그램이 model로 보내는 이름이에요.' },
      }),
    pipeline: z
      .string()
      .max(100)
      .default('')
      .meta({
        label: { en: 'Pipeline', ko: '파이프라인' },
        help: {
          en: 'A published pipeline. Not needed where a model is wired in.',
          ko: '게시한 파이프라인이에요. 모델을 연결하면 쓰지 않아요.',
        },
        ui: 'pipeline',
      }),
    version: z
      .string()
      .regex(/^(latest|[1-9]\d{0,8})$/, 'A version is a number, or "latest".')
      .default('latest')
      .meta({
        label: { en: 'Version', ko: '버전' },
        help: {
          en: 'A number, or latest: the newest one when this runs.',
          ko: '번호나 latest예요. latest는 실행할 때 가장 새로운 버전이에요.',
        },
        advanced: true,
      }),
    input: z
      .string()
      .min(1)
      .default('question')
      .meta({
        label: { en: 'Input field', ko: '입력 필드' },
        help: { en: 'Takes the last message, or all of them.', ko: '마지막 메시지나 메시지 전부를 받아요.' },
        advanced: true,
      }),
    output: z
      .string()
      .min(1)
      .default('answer')
      .meta({ label: { en: 'Output field', ko: '출력 필드' }, advanced: true }),
    atLeast: z
      .number()
      .min(0)
      .max(1)
      .default(0)
      .meta({
        label: { en: 'Bar', ko: '기준' },
        help: {
          en: 'The low end of the report’s 95 % interval must reach it.',
          ko: '보고서의 95 % 신뢰구간에서 낮은 쪽이 여기에 닿아야 해요.',
        },
        ui: 'slider',
      }),
    note: z
      .string()
      .max(1_000)
      .default('')
      .meta({ label: { en: 'Note', ko: '메모' }, advanced: true }),
  }),
  inputs: { model: port.optional(port.model()), report: port.optional(port.report()) },
  outputs: { deployment: port.deployment() },
  effect: 'writes',
  summary: '{name}',
  examples: [
    {
      title: { en: 'A tuned model as ticket-router', ko: '조정한 모델을 ticket-router로' },
      config: { name: 'ticket-router' },
      inputs: { model: { model: 'tuned:team-router@1' } },
    },
    {
      title: { en: 'Not good enough to go live', ko: '기준에 못 미칠 때' },
      config: { name: 'ticket-router', atLeast: 0.9 },
      inputs: {
        model: { model: 'tuned:team-router@1' },
        report: {
          n: 20,
          holes: 0,
          mean: 0.9,
          low: 0.699,
          high: 0.9721,
          method: 'wilson',
          passed: 18,
          histogram: [2, 18],
        },
      },
      error: 'below-bar',
    },
    {
      title: { en: 'A report that never came', ko: '보고서가 오지 않았을 때' },
      config: { name: 'ticket-router', atLeast: 0.9 },
      inputs: { model: { model: 'tuned:team-router@1' } },
      kinds: { report: 'report' },
      error: 'input-missing',
    },
    {
      title: { en: 'Nothing to deploy', ko: '배포할 것이 없을 때' },
      config: { name: 'ticket-router' },
      inputs: {},
      error: 'target-missing',
    },
  ],
  run: async ({ config, inputs, kinds, deploy: goLive }) => {
    const { name, atLeast, note } = config
    const { report } = inputs
    requireWired('report', inputs, kinds)
    requireWired('model', inputs, kinds)
    if (report && report.low < atLeast)
      throw new NodeError(
        'below-bar',
        `The report says ${report.mean} with at least ${report.low}, and the bar is ${atLeast}: nothing was deployed. Improve the model, evaluate on more rows, or lower the bar.`,
        { details: { mean: report.mean, low: report.low, atLeast } },
      )
    const target = targetOf(config, inputs.model?.model)
    return { deployment: await goLive({ name, target, ...(note !== '' && { note }) }) }
  },
})
