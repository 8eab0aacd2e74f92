import { z } from 'zod'
import { defineNode } from '../define.ts'
import { NodeError } from '../errors.ts'
import { histogram, intervalOf, meanOf } from '../lib/interval.ts'
import { port } from '../ports.ts'

export const report = defineNode({
  type: 'report',
  version: 1,
  title: { en: 'Report', ko: '보고서' },
  group: 'evaluate',
  icon: 'chart-column',
  docs: {
    en: 'Sums up the scores of all items: mean with its 95 % interval, histogram, and how many items have no score. Scores of only 0 and 1 get a Wilson interval, others a bootstrap of 2,000 resamples with a fixed seed (above 20,000 scores the normal interval).',
    ko: '모든 항목의 점수를 요약해요. 평균과 95% 신뢰구간, 분포, 점수가 없는 항목 수를 보여줘요. 점수가 0과 1뿐이면 윌슨 구간을, 아니면 시드를 고정한 부트스트랩 2,000번을 써요. 20,000개가 넘으면 정규 근사를 써요.',
  },
  keywords: ['mean', 'average', 'interval', 'statistics', 'accuracy', '평균', '정확도', '통계', '구간'],
  config: z.object({}),
  inputs: { scores: port.each(port.score('Scores')) },
  outputs: { report: port.report() },
  effect: 'pure',
  examples: [
    {
      title: { en: 'Nine of ten tickets right', ko: '열 건 중 아홉 건 정답' },
      config: {},
      inputs: { scores: [1, 1, 1, 0, 1, 1, 1, 1, 1, 1].map((value) => ({ value, passed: value === 1 })) },
      outputs: {
        report: {
          n: 10,
          holes: 0,
          mean: 0.9,
          low: 0.5958,
          high: 0.9821,
          method: 'wilson',
          passed: 9,
          histogram: [1, 0, 0, 0, 0, 0, 0, 0, 0, 9],
        },
      },
    },
    { title: { en: 'No scores', ko: '점수가 없을 때' }, config: {}, inputs: { scores: [] }, error: 'no-scores' },
  ],
  run: async ({ inputs }) => {
    const values: number[] = []
    let [holes, passed, judged] = [0, 0, 0]
    for await (const item of inputs.scores) {
      if (!('value' in item)) {
        holes += 1
        continue
      }
      values.push(item.value.value)
      if (item.value.passed !== undefined) judged += 1
      if (item.value.passed) passed += 1
    }
    if (values.length === 0) {
      const why = holes > 0 ? `All ${holes} items failed or were skipped` : 'The list of items is empty'
      throw new NodeError('no-scores', `${why}, so there is nothing to report. Look at the node before this one.`, {
        details: { holes },
      })
    }
    const scores = Float64Array.from(values)
    const { low, high, method } = intervalOf(scores)
    // Four digits: finer ones would be noise at any size that a person evaluates.
    const [mean, from, to] = [meanOf(scores), low, high].map((figure) => Math.round(figure * 1e4) / 1e4) as [
      number,
      number,
      number,
    ]
    return {
      report: {
        n: scores.length,
        holes,
        mean,
        low: from,
        high: to,
        method,
        ...(judged > 0 && { passed }),
        histogram: histogram(scores),
      },
    }
  },
})
