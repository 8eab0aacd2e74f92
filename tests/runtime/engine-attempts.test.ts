import { afterAll, afterEach, beforeAll, expect, it } from 'vitest'
import { NodeError } from '#nodes/errors.ts'
import type { Engine } from '#runtime/engine/engine.ts'
import type { Database } from '#runtime/store/database.ts'
import { eachDatabase } from '../support/databases.ts'
import { collect, openEngine, request, stepRows } from '../support/engines.ts'
import { type ManualClock, manualClock } from '../support/manual-clock.ts'
import type { testRegistry } from '../support/test-nodes.ts'
import { wire } from '../support/wire.ts'

type Behaviours = NonNullable<Parameters<typeof testRegistry>[0]>

const one = (type: string, name: string, policy = {}) =>
  wire({ a: 'start', b: { type, config: { name }, policy }, z: 'end' }, 'a.x > b.x', 'b.x > z.y')

eachDatabase('A step', (on) => {
  let database: Database
  let engine: Engine
  let clock: ManualClock
  beforeAll(async () => {
    database = await on.open()
  })
  afterEach(() => engine.stop(0))
  afterAll(async () => {
    await database.close()
    await on.clean()
  })
  const open = async (behaviours: Behaviours) => {
    clock = manualClock()
    engine = await openEngine(database, behaviours, { clock })
  }

  it('is tried again with growing, jittered waits and one key, and its streamed text is void', async () => {
    const keys = new Set<string>()
    await open({
      flaky: ({ attempt, emit, idempotencyKey }) => {
        keys.add(idempotencyKey)
        emit('x', `try ${attempt}`)
        if (attempt < 3) throw new NodeError('busy', 'Busy. Wait.', { retry: 'later' })
        return { x: attempt }
      },
    })
    const { id } = await engine.start(request(one('read', 'flaky'), { x: 0 }))
    const events = collect(engine, id)
    for (const first of [500, 1_000]) clock.advance(await clock.sleeper(first / 2, first))
    expect(await engine.wait(id, 1e6)).toMatchObject({ status: 'succeeded', output: { y: 3 } })
    expect([...keys]).toEqual([`${id}/b`])
    const told = await events
    expect(told.filter((event) => event.type === 'step-restart')).toMatchObject([
      { attempt: 1, error: { code: 'busy' } },
      { attempt: 2, error: { code: 'busy' } },
    ])
    expect(told).toContainEqual(expect.objectContaining({ type: 'step-delta', delta: 'try 3', attempt: 3 }))
    expect(await stepRows(database, id)).toContainEqual(expect.objectContaining({ node: 'b', attempt: 3 }))
  })

  it('is not tried again when its error says never, or when it is pure', async () => {
    let calls = 0
    const fail = () => {
      calls += 1
      throw new NodeError('wrong', 'Wrong. Mend it.', { retry: 'never' })
    }
    const crash = () => {
      calls += 1
      throw new Error('boom')
    }
    await open({ fail, crash })
    const record = await startAndWait(one('read', 'fail'))
    expect(record).toMatchObject({ status: 'failed', error: { code: 'wrong', message: 'Wrong. Mend it.', node: 'b' } })
    expect(await startAndWait(one('pure', 'crash'))).toMatchObject({ status: 'failed', error: { code: 'unexpected' } })
    expect(calls).toBe(2)
  })

  it('waits as long as the error asks for', async () => {
    await open({
      limited: ({ attempt }) => {
        if (attempt === 1) throw new NodeError('rate-limited', 'Too fast.', { retry: { after: 7_777 } })
        return { x: 'ok' }
      },
    })
    const { id } = await engine.start(request(one('read', 'limited'), { x: 0 }))
    clock.advance(await clock.sleeper(7_777))
    expect(await engine.wait(id, 1e6)).toMatchObject({ status: 'succeeded' })
  })

  it('times out, is told so by its signal, and says what to do', async () => {
    const told: unknown[] = []
    await open({
      slow: ({ signal }) =>
        new Promise(() => signal.addEventListener('abort', () => told.push((signal.reason as NodeError).code))),
    })
    const { id } = await engine.start(request(one('read', 'slow', { timeout: '3s', retry: { attempts: 1 } }), { x: 0 }))
    clock.advance(await clock.sleeper(3_000))
    const record = await engine.wait(id, 1e6)
    expect(record).toMatchObject({ status: 'failed', error: { code: 'timeout', node: 'b', details: { seconds: 3 } } })
    expect(told).toEqual(['timeout'])
  })

  it('that had a job made is not tried again when its time is over, for the job was cancelled with it', async () => {
    let asked = 0
    clock = manualClock()
    const never = () => Promise.reject(new Error('not asked for'))
    engine = await openEngine(
      database,
      { train: ({ job }) => job({ kind: 'train', spec: {}, inputs: {} }) as never },
      {
        clock,
        outside: {
          keepModel: never,
          deploy: never,
          job: (_, __, ___, signal) => {
            asked += 1
            return new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason)))
          },
        },
      },
    )
    const { id } = await engine.start(request(one('write', 'train', { timeout: '3s' }), { x: 0 }))
    clock.advance(await clock.sleeper(3_000))
    expect(await engine.wait(id, 20_000)).toMatchObject({ status: 'failed', error: { code: 'timeout' } })
    expect(asked).toBe(1)
  })

  it('that gives what its port does not promise fails as bad-output', async () => {
    await open({ odd: () => ({ x: () => 1 }), none: () => ({ y: 1 }) })
    const record = await startAndWait(one('read', 'odd'))
    expect(record?.error).toMatchObject({ code: 'bad-output', node: 'b' })
    expect(record?.error?.message).toContain('output "x"')
    expect((await startAndWait(one('read', 'none')))?.error?.message).toContain('no such output')
  })

  it('that changes the world starts when all before it is durable', async () => {
    let rowsBefore = -1
    await open({
      send: async ({ idempotencyKey }) => {
        rowsBefore = (await stepRows(database, idempotencyKey.split('/')[0] ?? '')).length
        return { x: 'sent' }
      },
    })
    expect(await startAndWait(one('write', 'send'))).toMatchObject({ status: 'succeeded', output: { y: 'sent' } })
    expect(rowsBefore).toBe(1)
  })

  it('stops at once when its run is cancelled, even if it does not heed its signal', async () => {
    let aborted = false
    let begun = () => {}
    const running = new Promise<void>((resolve) => {
      begun = resolve
    })
    await open({
      deaf: ({ signal }) => {
        signal.addEventListener('abort', () => {
          aborted = true
        })
        begun()
        return new Promise(() => {})
      },
    })
    const { id } = await engine.start(request(one('read', 'deaf'), { x: 0 }))
    await running
    expect(await engine.cancel('elsewhere', id)).toBe(false)
    expect(await engine.cancel('local', id)).toBe(true)
    expect(aborted).toBe(true)
    expect(await engine.wait(id, 1e6)).toMatchObject({ status: 'cancelled', output: null })
    expect(await engine.cancel('local', id)).toBe(false)
    expect((await collect(engine, id)).at(-1)).toMatchObject({ type: 'run-end', status: 'cancelled' })
  })

  it('reads only the secrets that its type lists, and none is told in errors', async () => {
    await open({
      leak: async ({ secret }) => {
        throw new NodeError('refused', `The key ${await secret('token')} was refused.`)
      },
      pry: async ({ secret }) => ({ x: await secret('other') }),
    })
    const record = await startAndWait(one('read', 'leak'))
    expect(record?.error?.message).toBe('The key ••• was refused.')
    expect(await startAndWait(one('read', 'pry'))).toMatchObject({ error: { code: 'secret-missing' } })
  })

  it('adds up what it used, over its attempts', async () => {
    await open({
      costly: ({ attempt, usage }) => {
        usage({ inputTokens: 10, outputTokens: attempt })
        if (attempt === 1) throw new NodeError('busy', 'Busy.', { retry: { after: 1 } })
        return { x: 'ok' }
      },
    })
    const { id } = await engine.start(request(one('read', 'costly'), { x: 0 }))
    clock.advance(await clock.sleeper(1))
    expect((await engine.wait(id, 1e6))?.usage).toEqual({ inputTokens: 20, outputTokens: 3 })
  })

  const startAndWait = async (document: ReturnType<typeof one>) => {
    const { id } = await engine.start(request(document, { x: 0 }))
    return engine.wait(id, 1e6)
  }
})
