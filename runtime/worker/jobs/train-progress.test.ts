import { expect, it } from 'vitest'
import type { JobEvent } from '../../dispatch/protocol.ts'
import { createTrainProgress } from './train-progress.ts'

it('tells steps four times a second, an evaluation at once, and its finding with every step that follows', () => {
  const told: JobEvent[] = []
  let now = 0
  const progress = createTrainProgress(
    (event) => told.push(event),
    () => now,
  )
  progress.start(0)
  const step = (at: number) => {
    now += 100
    progress.step({
      type: 'step-end',
      step: at,
      steps: 10,
      loss: 1 / at,
      rate: 0.1,
      tokens: 8,
      accuracy: 0.5,
      margin: 1,
    })
  }
  for (const at of [1, 2, 3]) step(at)
  progress.evaluation({ type: 'evaluation-end', step: 3, steps: 10, loss: 0.25, accuracy: 0.75 })
  for (const at of [4, 5, 6]) step(at)
  const metrics = told.flatMap((event) => (event.type === 'progress' ? [event.metrics] : []))
  expect(metrics.map((one) => [one?.['step'], one?.['evaluationLoss']])).toEqual([
    [1, undefined],
    [3, 0.25],
    [6, 0.25],
  ])
  expect(metrics.at(-1)).toEqual({
    step: 6,
    steps: 10,
    loss: 1 / 6,
    rate: 0.1,
    tokens: 48,
    accuracy: 0.5,
    margin: 1,
    evaluationLoss: 0.25,
    evaluationAccuracy: 0.75,
    tokensPerSecond: 80,
  })
  expect(told.at(-1)).toMatchObject({ fraction: 0.6, secondsLeft: expect.closeTo(0.4) })
  expect(progress.evaluated()).toEqual({ loss: 0.25, accuracy: 0.75 })
})
