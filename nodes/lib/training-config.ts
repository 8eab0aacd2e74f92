import { z } from 'zod'
import { methods } from './training-rows.ts'

const template = (en: string, ko: string, help: { en: string; ko: string }, when: readonly string[]) =>
  z
    .string()
    .max(20_000)
    .default('')
    .meta({ label: { en, ko }, help, ui: 'multiline', when: { method: when } })
const count = (standard: number, least: number, most: number) => z.int().min(least).max(most).default(standard)

/** The settings of a training, with their forms. */
export const trainingConfig = z.object({
  name: z
    .string()
    .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'A name has 1 to 63 small letters, digits or "-".')
    .default('my-model')
    .meta({
      label: { en: 'Name', ko: '이름' },
      help: {
        en: 'Each training makes the next version of it: tuned:<name>@1, @2, …',
        ko: '학습할 때마다 다음 버전이 생겨요: tuned:<이름>@1, @2, …',
      },
    }),
  base: z
    .string()
    .min(1)
    .default('local:tiny')
    .meta({ label: { en: 'Base model', ko: '바탕 모델' }, ui: 'model' }),
  method: z
    .enum(methods)
    .default('lora')
    .meta({
      label: { en: 'Method', ko: '방법' },
      options: {
        lora: { en: 'Adapter (LoRA)', ko: '어댑터 (LoRA)' },
        full: { en: 'Whole model', ko: '모델 전체' },
        dpo: { en: 'Preferences (DPO)', ko: '선호 (DPO)' },
        pretrain: { en: 'Plain text (pre-training)', ko: '그냥 글 (사전 학습)' },
      },
    }),
  prompt: template(
    'Prompt of a row',
    '행의 프롬프트',
    {
      en: 'Write {{field}} for a field of the row, as the prompt asks the model later. Empty: the rows have prompt and completion, or messages, already.',
      ko: '나중에 모델에 물을 때처럼 쓰고, 행의 필드는 {{필드}}로 적어요. 비워 두면 행에 prompt와 completion, 또는 messages가 이미 있어요.',
    },
    ['lora', 'full', 'dpo'],
  ),
  completion: template(
    'Answer of a row',
    '행의 답',
    { en: 'What the model should answer, such as {{team}}.', ko: '모델이 해야 할 답이에요. 예: {{team}}.' },
    ['lora', 'full', 'dpo'],
  ),
  rejected: template(
    'Worse answer of a row',
    '행의 나쁜 답',
    { en: 'What it should rather not answer.', ko: '모델이 하지 않았으면 하는 답이에요.' },
    ['dpo'],
  ),
  text: template(
    'Text of a row',
    '행의 글',
    {
      en: 'What is learned as it stands. Empty: the field "text".',
      ko: '그대로 배울 글이에요. 비워 두면 text 필드예요.',
    },
    ['pretrain'],
  ),
  epochs: count(3, 1, 1_000).meta({
    label: { en: 'Epochs', ko: '에폭' },
    help: { en: 'How often every row is seen.', ko: '모든 행을 몇 번 볼지 정해요.' },
  }),
  rate: z
    .number()
    .gt(0)
    .max(1)
    .default(0.004)
    .meta({
      label: { en: 'Learning rate', ko: '학습률' },
      help: {
        en: 'A tiny model takes 0.004; adapters of models of billions take about 0.0002. Higher learns faster and forgets more.',
        ko: '아주 작은 모델은 0.004, 수십억 매개변수 모델의 어댑터는 0.0002쯤이에요. 높이면 빨리 배우고 더 많이 잊어요.',
      },
    }),
  replayPerRow: z
    .number()
    .min(0)
    .max(20)
    .default(1)
    .meta({
      label: { en: 'Replay for each row', ko: '행마다 되풀이' },
      help: {
        en: 'How many rows of "replay" are mixed in for each new row, so that less is forgotten.',
        ko: '덜 잊도록 새 행마다 replay의 행을 몇 개 섞을지 정해요.',
      },
    }),
  evaluationShare: z
    .number()
    .min(0)
    .max(0.5)
    .default(0)
    .meta({
      label: { en: 'Share kept for evaluation', ko: '평가용으로 남길 비율' },
      help: {
        en: 'These rows are not trained on; the loss on them is told while training. Without effect where "evaluation" is wired.',
        ko: '이 행들은 배우지 않고, 학습하는 동안 손실을 재는 데만 써요. evaluation을 연결하면 쓰지 않아요.',
      },
      ui: 'slider',
      advanced: true,
    }),
  rank: count(8, 1, 1_024).meta({
    label: { en: 'Rank', ko: '랭크' },
    help: { en: 'Size of the adapter.', ko: '어댑터의 크기예요.' },
    when: { method: ['lora', 'dpo'] },
    advanced: true,
  }),
  alpha: count(16, 1, 4_096).meta({
    label: { en: 'Alpha', ko: '알파' },
    help: { en: 'The adapter counts alpha ÷ rank.', ko: '어댑터는 알파 ÷ 랭크만큼 반영돼요.' },
    when: { method: ['lora', 'dpo'] },
    advanced: true,
  }),
  batch: count(8, 1, 4_096).meta({ label: { en: 'Batch', ko: '배치' }, unit: 'rows', advanced: true }),
  accumulate: count(1, 1, 4_096).meta({
    label: { en: 'Batches for one step', ko: '한 단계의 배치 수' },
    help: { en: 'For a larger batch than the memory holds.', ko: '메모리보다 큰 배치를 쓸 때 늘려요.' },
    advanced: true,
  }),
  longest: count(512, 8, 1_000_000).meta({
    label: { en: 'Longest row', ko: '가장 긴 행' },
    help: {
      en: 'A longer row is an error: cutting it would teach half an answer.',
      ko: '더 긴 행은 오류예요. 자르면 반쪽 답을 가르치게 돼요.',
    },
    unit: 'tokens',
    advanced: true,
  }),
  seed: count(0, 0, 2_147_483_647).meta({ label: { en: 'Seed', ko: '시드' }, advanced: true }),
  precision: z
    .enum(['auto', 'float32', 'bfloat16'])
    .default('auto')
    .meta({
      label: { en: 'Precision', ko: '정밀도' },
      options: {
        auto: { en: 'As the machine can', ko: '컴퓨터에 맞게' },
        float32: { en: '32 bits', ko: '32비트' },
        bfloat16: { en: '16 bits (bfloat16)', ko: '16비트 (bfloat16)' },
      },
      advanced: true,
    }),
  gpus: count(0, 0, 64).meta({
    label: { en: 'GPUs', ko: 'GPU 수' },
    help: { en: '0 trains on any machine.', ko: '0이면 아무 컴퓨터에서나 학습해요.' },
    advanced: true,
  }),
  memory: count(0, 0, 10_000).meta({
    label: { en: 'Free memory', ko: '빈 메모리' },
    help: {
      en: 'What each GPU, or the machine, must have free.',
      ko: 'GPU마다, GPU가 없으면 컴퓨터에 비어 있어야 하는 메모리예요.',
    },
    unit: 'GB',
    advanced: true,
  }),
})
