import { createHash } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { Hono } from 'hono'
import type { z } from 'zod'
import type { Artifact } from '#nodes/ports.ts'
import {
  type BeatReply,
  enrolment,
  type JobEvent,
  type Lease,
  type LeaseEnd,
  leaseEnd,
  leaseEvents,
  leaseRequest,
  type WorkerBeat,
  type WorkerOffer,
  workerBeat,
  workerOffer,
} from '#runtime/dispatch/protocol.ts'

type Job = {
  lease: Omit<Lease, 'attempt' | 'checkpoint' | 'ttl'>
  state: 'queued' | 'leased' | 'over'
  attempt: number
  expires: number
  /** Of each attempt, in order of arrival, each number once. */
  events: { attempt: number; number: number; event: JobEvent }[]
  checkpoint: Record<string, Artifact> | null
  ends: z.infer<typeof leaseEnd>[]
  cancel: boolean
}
export type RelayedAnswer = { status: number; text: string; aborted: boolean }

export const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex')
const problem = (code: string, detail = code) => ({ code, detail })

/** The server's side of the workers' protocol over real HTTP, with leases that expire, kept in memory. */
export const startScriptedServer = async ({ ttl = 20, port = 0 }: { ttl?: number; port?: number } = {}) => {
  const oneTime = new Map([['one-time-token-1', true]])
  const tokens = new Set<string>()
  const offers: WorkerOffer[] = []
  const beats: WorkerBeat[] = []
  const jobs = new Map<string, Job>()
  const artifacts = new Map<string, Buffer>()
  const uploads = new Map<string, Buffer>()
  const calls: { call: string; path: string; body: unknown }[] = []
  const answers = new Map<string, RelayedAnswer>()
  const ranges: (string | undefined)[] = []
  const control = {
    reply: { drain: false, models: [] } as BeatReply,
    /** Bytes of a download after which the connection is cut; once each. */
    cuts: [] as number[],
    /** Events requests that are carried out, but whose answer never comes. */
    lostAnswers: 0,
    /** Events requests that are carried out and answered by a page, as a proxy does whose server went away. */
    pages: 0,
    /** Closes the next relayed answer after its first bytes. */
    closeAnswers: false,
    /** Relayed calls whose callers went away, to be told with the next poll. */
    gone: [] as string[],
    refuse: false,
  }
  const keep = (bytes: Uint8Array | string): Artifact => {
    const buffer = Buffer.from(bytes)
    artifacts.set(sha256(buffer), buffer)
    return { sha256: sha256(buffer), mime: 'application/octet-stream', bytes: buffer.length }
  }
  const held = (id: string, attempt: number): Job | undefined => {
    const job = jobs.get(id)
    return job?.state === 'leased' && job.attempt === attempt && job.expires > Date.now() ? job : undefined
  }
  const next = (kinds: string[]): Job | undefined => {
    for (const job of jobs.values()) {
      if (job.state === 'leased' && job.expires <= Date.now()) job.state = 'queued'
      if (job.state === 'queued' && kinds.includes(job.lease.kind)) return job
    }
    return undefined
  }

  const app = new Hono<{ Bindings: HttpBindings }>().basePath('/api')
  app.post('/workers/enrol', async (c) => {
    const token = c.req.header('authorization')?.replace('Bearer ', '') ?? ''
    if (!oneTime.get(token)) return c.json(problem('sign-in'), 401)
    oneTime.set(token, false)
    enrolment.parse(await c.req.json())
    const own = `pb_worker_${tokens.size + 1}`
    tokens.add(own)
    return c.json({ id: `w${tokens.size}`, token: own })
  })
  app.use(async (c, done) => {
    const token = c.req.header('authorization')?.replace('Bearer ', '') ?? ''
    if (control.refuse || !tokens.has(token)) return c.json(problem('sign-in', 'Sign in first'), 401)
    await done()
  })
  app.put('/workers/self', async (c) => {
    offers.push(workerOffer.parse(await c.req.json()))
    return c.body(null, 204)
  })
  app.post('/workers/self/beats', async (c) => {
    beats.push(workerBeat.parse(await c.req.json()))
    return c.json(control.reply)
  })
  app.post('/leases/next', async (c) => {
    const { capabilities, wait } = leaseRequest.parse(await c.req.json())
    for (const until = Date.now() + wait * 1_000; Date.now() < until && !c.req.raw.signal.aborted; ) {
      const job = next(capabilities)
      if (job) {
        job.state = 'leased'
        job.attempt++
        job.expires = Date.now() + ttl * 1_000
        return c.json({ ...job.lease, attempt: job.attempt, checkpoint: job.checkpoint, ttl } satisfies Lease)
      }
      await new Promise((resolve) => setTimeout(resolve, 10))
    }
    return c.body(null, 204)
  })
  app.post('/leases/:job/events', async (c) => {
    const { attempt, events } = leaseEvents.parse(await c.req.json())
    const job = held(c.req.param('job'), attempt)
    if (!job) return c.json(problem('lease-lost'), 409)
    job.expires = Date.now() + ttl * 1_000
    for (const { number, event } of events) {
      if (job.events.some((known) => known.attempt === attempt && known.number === number)) continue
      job.events.push({ attempt, number, event })
      if (event.type === 'checkpoint') job.checkpoint = event.files
    }
    if (events.length > 0 && control.lostAnswers-- > 0) return c.json(problem('unavailable'), 503)
    if (events.length > 0 && control.pages-- > 0) return c.html('<h1>Back soon</h1>')
    return c.json({ cancel: job.cancel, ttl })
  })
  app.post('/leases/:job/end', async (c) => {
    const end: LeaseEnd = leaseEnd.parse(await c.req.json())
    const job = held(c.req.param('job'), end.attempt)
    if (!job) return c.json(problem('lease-lost'), 409)
    job.ends.push(end)
    const again = end.status === 'released' || (end.status === 'failed' && end.error.retry)
    job.state = again ? 'queued' : 'over'
    return c.body(null, 204)
  })
  app.get('/artifacts/:sha256', (c) => {
    const whole = artifacts.get(c.req.param('sha256'))
    if (!whole) return c.json(problem('not-found'), 404)
    if (c.req.method === 'HEAD') return c.body(null)
    ranges.push(c.req.header('range'))
    const from = Number(/bytes=(\d+)-/.exec(c.req.header('range') ?? '')?.[1] ?? 0)
    const cut = control.cuts.shift()
    let at = from
    const body = new ReadableStream<Uint8Array>({
      pull: async (controller) => {
        const until = Math.min(cut === undefined ? whole.length : from + cut, at + 65_536)
        if (until > at) controller.enqueue(new Uint8Array(whole.subarray(at, until)))
        at = until
        if (at === whole.length) return controller.close()
        if (cut === undefined || at < from + cut) return
        // What was written has time to be read, then the connection breaks.
        while (c.env.outgoing.writableLength > 0) await new Promise((resolve) => setImmediate(resolve))
        await new Promise((resolve) => setTimeout(resolve, 100))
        c.env.outgoing.destroy()
      },
    })
    return c.body(body, from > 0 ? 206 : 200)
  })
  app.get('/uploads/:sha256', (c) =>
    c.body(null, 204, { 'upload-offset': String(uploads.get(c.req.param('sha256'))?.length ?? 0) }),
  )
  app.patch('/uploads/:sha256', async (c) => {
    const key = c.req.param('sha256')
    const there = uploads.get(key) ?? Buffer.alloc(0)
    if (Number(c.req.header('upload-offset')) !== there.length) return c.json(problem('offset-conflict'), 409)
    const whole = Buffer.concat([there, Buffer.from(await c.req.arrayBuffer())])
    uploads.set(key, whole)
    if (whole.length === Number(c.req.header('upload-length'))) {
      if (sha256(whole) !== key) return c.json(problem('invalid', 'another digest'), 422)
      artifacts.set(key, whole)
    }
    return c.body(null, 204, { 'upload-offset': String(whole.length) })
  })
  let fetching = 0
  app.post('/workers/self/calls/next', async (c) => {
    fetching += 1
    try {
      for (const until = Date.now() + 1_000; Date.now() < until && !c.req.raw.signal.aborted; ) {
        if (control.gone.length > 0) return c.json({ gone: control.gone.splice(0) })
        const call = c.req.query('full') === 'true' ? undefined : calls.shift()
        if (call) return c.json(call)
        await new Promise((resolve) => setTimeout(resolve, 10))
      }
      return c.body(null, 204)
    } finally {
      fetching -= 1
    }
  })
  app.post('/workers/self/calls/:call', async (c) => {
    const answer: RelayedAnswer = { status: Number(c.req.header('x-status')), text: '', aborted: false }
    answers.set(c.req.param('call'), answer)
    const decoder = new TextDecoder()
    for await (const chunk of c.req.raw.body ?? []) {
      answer.text += decoder.decode(chunk, { stream: true })
      if (control.closeAnswers) {
        answer.aborted = true
        break
      }
    }
    return c.body(null, 204, control.closeAnswers ? { connection: 'close' } : {})
  })

  const server = createAdaptorServer({ fetch: app.fetch })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    offers,
    beats,
    jobs,
    artifacts,
    uploads,
    calls,
    /** Long polls for calls that are open. */
    fetching: () => fetching,
    answers,
    ranges,
    oneTime,
    control,
    keep,
    /** A worker token, without enrolment. */
    token: () => {
      tokens.add('pb_worker_known')
      return 'pb_worker_known'
    },
    enqueue: (lease: Pick<Job['lease'], 'job' | 'kind'> & Partial<Job['lease']>): Job => {
      const job: Job = {
        lease: { spec: {}, inputs: {}, ...lease },
        state: 'queued',
        attempt: 0,
        expires: 0,
        events: [],
        checkpoint: null,
        ends: [],
        cancel: false,
      }
      jobs.set(lease.job, job)
      return job
    },
    stop: async () => {
      const closed = new Promise((resolve) => server.close(resolve))
      if ('closeAllConnections' in server) server.closeAllConnections()
      await closed
    },
  }
}
export type ScriptedServer = Awaited<ReturnType<typeof startScriptedServer>>
