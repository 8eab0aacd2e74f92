import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createParser } from 'eventsource-parser'
import { afterAll, describe, expect, inject, test, vi } from 'vitest'
import type { RunEvent } from '#runtime/engine/events.ts'
import type { RunRecord } from '#runtime/engine/run.ts'
import type { Page, Saved, StepRecord } from '#server/api.ts'
import { createDatabase } from '../support/postgres.ts'
import { isRunning, processesIn } from '../support/process-life.ts'
import { seeded } from '../support/random.ts'
import { type StartedServer, startServer } from '../support/start-server.ts'
import { inputOf, mapped, plain, slowPipeline } from './slow-pipeline.ts'

vi.setConfig({ testTimeout: 240_000 })

const count = 40

/** PATCHBAY_SEED=… strikes where an earlier run of the tests did. */
const seed = Number(process.env['PATCHBAY_SEED'] ?? Date.now() % 1_000_000)

const ask = async <Body>(server: StartedServer, path: string, body?: unknown, key?: string) => {
  const response = await fetch(server.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: {
      authorization: `Bearer ${server.adminToken}`,
      ...(body !== undefined && { 'content-type': 'application/json' }),
      ...(key !== undefined && { 'idempotency-key': key }),
    },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  })
  // The caller names the type that server/api.ts promises for this address.
  return { status: response.status, body: (await response.json()) as Body }
}

const eventsOf = async (server: StartedServer, run: string): Promise<RunEvent[]> => {
  const response = await fetch(`${server.url}/api/runs/${run}/events`, {
    headers: { authorization: `Bearer ${server.adminToken}` },
  })
  const events: RunEvent[] = []
  createParser({ onEvent: ({ data }) => events.push(JSON.parse(data)) }).feed(await response.text())
  return events
}

/** Kills it as `kill -9` does, and sees to it that none of its processes goes on without it. */
const kill = async (server: StartedServer): Promise<void> => {
  const children = processesIn(server.stderr())
  await server.end('SIGKILL')
  await expect.poll(() => children.filter(isRunning), { timeout: 10_000 }).toEqual([])
}

/** Posts all runs at once, some of them waiting for their end, and resolves when so many are accepted. */
const post = (server: StartedServer, pipeline: string, enough: number) => {
  const accepted = new Map<number, string>()
  const reached = new Promise<void>((resolve) => {
    for (let at = 0; at < count; at += 1) {
      const path = `/api/pipelines/${pipeline}/runs${at % 8 === 7 ? '?wait=60' : ''}`
      ask<{ id: string }>(server, path, { input: inputOf(at) }, `run-${at}`).then(
        ({ status, body }) => {
          expect([200, 202]).toContain(status)
          accepted.set(at, body.id)
          if (accepted.size >= enough) resolve()
        },
        // Its connection died with the server, so nothing was promised.
        () => undefined,
      )
    }
  })
  return { accepted, reached }
}

/** The kills of one history: accepted runs to wait for, and milliseconds after that. */
const strikes = (random: () => number) => [
  { enough: 1 + Math.floor(random() * 12), delay: Math.floor(random() * 40) },
  { enough: 12 + Math.floor(random() * 20), delay: Math.floor(random() * 400) },
]

const provesOne = async (server: StartedServer, id: string, at: number) => {
  const input = inputOf(at)
  const events = await eventsOf(server, id)
  const ends = events.flatMap((event) => (event.type === 'step-end' ? [event.node] : []))
  expect(ends.toSorted()).toEqual(plain.toSorted())
  expect(events.filter((event) => event.type === 'step-fail' || event.type === 'step-skip')).toEqual([])
  expect(events.at(-1)).toMatchObject({ type: 'run-end', status: 'succeeded', run: id })
  const told = (event: RunEvent) => (event.type === 'run-end' ? event.output : undefined)
  const output = told(events.at(-1) as RunEvent)
  expect(output?.['reply']).toContain(input.ticket)
  expect(output?.['letters']).toEqual(input.rows.map((row) => expect.stringContaining(`Dear ${row}, `)))
  for (const node of mapped) {
    const { body } = await ask<Page<StepRecord>>(server, `/api/runs/${id}/steps?node=${node}&limit=200`)
    expect(body.items.map(({ path, status }) => [path, status])).toEqual(
      input.rows.map((_, row) => [[row], 'succeeded']),
    )
  }
}

const folders: string[] = []
afterAll(async () => {
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
})

describe.each(['pglite', 'postgres'] as const)('40 runs posted to a server on %s that is killed', (driver) => {
  test.each([seed, seed + 1])('are all done after the restart, once each (seed %i)', async (chosen) => {
    const data = await mkdtemp(join(tmpdir(), 'patchbay-kill-'))
    folders.push(data)
    const place = { data, ...(driver === 'postgres' && { databaseUrl: await createDatabase(inject('postgresUrl')) }) }
    const promised = new Map<number, string>()
    let pipeline: string | undefined
    for (const { enough, delay } of strikes(seeded(chosen))) {
      const server = await startServer(place)
      pipeline ??= (await ask<Saved>(server, '/api/pipelines', { document: slowPipeline })).body.id
      const { accepted, reached } = post(server, pipeline, enough)
      await reached
      await new Promise((resolve) => setTimeout(resolve, delay))
      const promisedNow = [...accepted]
      await kill(server)
      for (const [at, id] of promisedNow) {
        // The same key is the same run, whatever was killed between.
        expect(promised.get(at) ?? id).toBe(id)
        promised.set(at, id)
      }
    }
    expect(promised.size).toBeGreaterThan(0)

    const last = await startServer(place)
    try {
      const { accepted, reached } = post(last, pipeline as string, count)
      await reached
      for (const [at, id] of promised) expect(accepted.get(at)).toBe(id)
      for (const id of accepted.values()) {
        await expect
          .poll(async () => (await ask<RunRecord>(last, `/api/runs/${id}`)).body.status, { timeout: 60_000 })
          .toBe('succeeded')
      }
      const { body } = await ask<Page<RunRecord>>(last, `/api/runs?pipeline=${pipeline}&limit=200`)
      expect(body.items.map(({ id }) => id).toSorted()).toEqual([...accepted.values()].toSorted())
      for (const [at, id] of accepted) await provesOne(last, id, at)
      // The worker and its engine, so that the kill below has something to leave behind.
      expect(processesIn(last.stderr()).length).toBeGreaterThanOrEqual(2)
    } finally {
      await kill(last)
    }
  })
})
