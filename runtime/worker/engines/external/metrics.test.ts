import { describe, expect, test } from 'vitest'
import { readLoad, readSamples } from './metrics.ts'

describe('samples', () => {
  test('are read with their labels, whatever stands in them', () => {
    const text = [
      '# HELP a:b Something.',
      '# TYPE a:b gauge',
      'a:b{model_name="org/model, \\"the\\" {best}",engine="0"} 3.0 1700000000000',
      'c 1e-3',
      'd NaN',
      'not a sample',
    ].join('\n')
    expect(readSamples(text)).toEqual([
      { name: 'a:b', labels: { model_name: 'org/model, "the" {best}', engine: '0' }, value: 3 },
      { name: 'c', labels: {}, value: 0.001 },
      { name: 'd', labels: {}, value: Number.NaN },
    ])
  })
})

describe('the load of a server', () => {
  const vllm = (kv: string) => `
vllm:num_requests_running{engine="0",model_name="qwen"} 2.0
vllm:num_requests_running{engine="1",model_name="qwen"} 3.0
vllm:num_requests_waiting{engine="0",model_name="qwen"} 1.0
vllm:num_requests_waiting{engine="1",model_name="qwen"} 0.0
vllm:${kv}{engine="0",model_name="qwen"} 0.25
vllm:${kv}{engine="1",model_name="qwen"} 0.5`

  test.each([
    ['vLLM', vllm('kv_cache_usage_perc'), { model: 'qwen', running: 5, waiting: 1, kvUse: 0.5 }],
    ['an older vLLM', vllm('gpu_cache_usage_perc'), { model: 'qwen', running: 5, waiting: 1, kvUse: 0.5 }],
    [
      'SGLang',
      'sglang:num_running_reqs{model_name="m"} 7\nsglang:num_queue_reqs{model_name="m"} 4\nsglang:token_usage{model_name="m"} 0.9',
      { model: 'm', running: 7, waiting: 4, kvUse: 0.9 },
    ],
    [
      'llama-server',
      'llamacpp:requests_processing 1\nllamacpp:requests_deferred 2\nllamacpp:kv_cache_usage_ratio 0.125',
      { model: undefined, running: 1, waiting: 2, kvUse: 0.125 },
    ],
    [
      'Ray Serve',
      'ray_serve_replica_processing_queries{deployment="a",replica="x"} 3\nray_serve_replica_processing_queries{deployment="a",replica="y"} 1\nray_serve_deployment_queued_queries{deployment="a"} 2',
      { model: undefined, running: 4, waiting: 2, kvUse: undefined },
    ],
    [
      'vLLM on Ray Serve, whose requests are not counted twice',
      'ray_serve_replica_processing_queries{deployment="a"} 3\nray_vllm_num_requests_running{model_name="m"} 3\nray_vllm_num_requests_waiting{model_name="m"} 0\nray_vllm_kv_cache_usage_perc{model_name="m"} 0.1',
      { model: 'm', running: 3, waiting: 0, kvUse: 0.1 },
    ],
  ])('is read of %s', (_, text, expected) => expect(readLoad(text)).toEqual([expected]))

  test('is told by model', () => {
    const text = 'vllm:num_requests_running{model_name="a"} 1\nvllm:num_requests_running{model_name="b"} 2'
    expect(readLoad(text).map(({ model, running }) => [model, running])).toEqual([
      ['a', 1],
      ['b', 2],
    ])
  })

  test('is unknown where the text says nothing of it', () => {
    expect(readLoad('process_cpu_seconds_total 4\nvllm:num_requests_running{model_name="a"} NaN')).toEqual([])
  })
})
