import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useRef, useState } from 'react'
import { useStore } from 'zustand'
import { inputFields } from '#runtime/pipeline/run-input.ts'
import type { RunDetail } from '#server/api.ts'
import { ApiError, call } from '../api/client.ts'
import { errorLine } from '../api/describe-error.ts'
import { keys } from '../api/keys.ts'
import { followRun } from '../api/run-events.ts'
import { cancelRun, hasEnded, startRun } from '../api/runs.ts'
import { type Desk, useDesk } from '../document/desk.ts'
import { lookAgain } from '../document/open-desk.ts'
import { type Refusal, sendAll } from '../document/send-all.ts'
import { catalogueList } from '../document/wiring.ts'
import { useT } from '../i18n/index.tsx'
import { toast } from '../ui/toaster.tsx'
import { lastInput, rememberInput } from './last-input.ts'
import { runFromDetail, startedRun } from './live-run.ts'

const readRun = (id: string) => call<RunDetail>('GET', `/api/runs/${encodeURIComponent(id)}`)

export type Runner = {
  /** Runs with the remembered values, or asks for them first; not while the button would stop a run. */
  run: () => Promise<void>
  start: (input: Record<string, unknown>) => Promise<void>
  stop: () => void
  /** Shows another run of this pipeline on the canvas; `unread` says why it does not. */
  show: (id: string) => Promise<void>
  isActive: boolean
  isStarting: boolean
  isStopping: boolean
  asking: boolean
  ask: (asking: boolean) => void
  error: unknown
  /** The run that was to be shown and could not be read. */
  unread: { run: string; error: unknown } | undefined
  forgetUnread: () => void
  /** Why the last run was not started: the server does not hold what is on screen. */
  refused: Refusal | undefined
  /** The refusal has been read. */
  settle: () => void
}

const fieldsOf = (desk: Desk) => inputFields(desk.store.getState().document, catalogueList(desk.catalogue))

/** Starts, follows and stops runs of the open pipeline. */
export const useRunner = (onBlocked: () => void): Runner => {
  const t = useT()
  const desk = useDesk()
  const client = useQueryClient()
  const status = useStore(desk.live, (live) => live.run?.status)
  const followed = useStore(desk.live, (live) =>
    live.run && !live.run.endedAt && !hasEnded(live.run.status) ? live.run.id : undefined,
  )
  const [asking, ask] = useState(false)
  const [isStarting, setStarting] = useState(false)
  const starting = useRef(false)
  const [stopping, setStopping] = useState<string | undefined>()
  const isStopping = useStore(desk.live, (live) => stopping !== undefined && live.run?.id === stopping)
  const [error, setError] = useState<unknown>()
  const [unread, setUnread] = useState<Runner['unread']>()
  const [refused, setRefused] = useState<Refusal | undefined>()
  const isSaved = useStore(desk.autosave.state, (save) => save.status === 'saved')
  useEffect(() => {
    if (isSaved) setRefused(undefined)
  }, [isSaved])

  useEffect(() => {
    if (!followed) return
    const readAgain = () =>
      void readRun(followed).then(
        (detail) => desk.live.renew({ run: runFromDetail(detail), number: detail.number }),
        (failed: unknown) => {
          if (desk.live.getState().run?.id === followed) setUnread({ run: followed, error: failed })
        },
      )
    return followRun(followed, {
      onEvents: (events) => {
        desk.live.take(followed, events)
        if (!events.some((event) => event.type === 'run-end')) return
        void client.invalidateQueries({ queryKey: keys.runs })
      },
      onRefused: readAgain,
    })
  }, [desk, client, followed])

  return useMemo((): Runner => {
    /** The server runs its own draft: whether that is what is on screen. */
    const isSent = async (): Promise<boolean> => {
      setRefused(undefined)
      const unsent = await sendAll(desk.autosave)
      if (unsent === undefined) return true
      ask(false)
      setRefused(unsent)
      return false
    }
    const start = async (input: Record<string, unknown>) => {
      if (starting.current) return
      starting.current = true
      setError(undefined)
      setStarting(true)
      // Before anything can refuse it: what was typed is what "Run again" runs.
      rememberInput(desk.id, input)
      try {
        if (!(await isSent())) return
        const { document } = desk.store.getState()
        const { id } = await startRun({ pipeline: desk.id, input, revision: desk.autosave.revision() })
        setUnread(undefined)
        desk.live.show(startedRun(id, input, document))
        ask(false)
        // Without its number the run is followed all the same.
        void readRun(id).then(
          (detail) => desk.live.setNumber(id, detail.number),
          () => {},
        )
        void client.invalidateQueries({ queryKey: keys.runs })
      } catch (failed) {
        if (failed instanceof ApiError && failed.code === 'revision-conflict') {
          await lookAgain(desk).catch(() => {})
          ask(false)
          return setRefused('changed')
        }
        setError(failed)
        ask(true)
      } finally {
        starting.current = false
        setStarting(false)
      }
    }
    const run = async () => {
      // The button stops it now. Another run beside it begins with the form of the input.
      const active = desk.live.getState().run?.status
      if (active !== undefined && !hasEnded(active)) return
      desk.findings.look()
      if (desk.findings.state.getState().findings.some((finding) => finding.level === 'error')) return onBlocked()
      const fields = fieldsOf(desk)
      const input = lastInput(desk.id, fields)
      if (input) return start(input)
      if (await isSent()) ask(true)
    }
    return {
      run,
      start,
      stop: () => {
        const id = desk.live.getState().run?.id
        if (!id) return
        setStopping(id)
        cancelRun(id).catch((failed: unknown) => {
          setStopping((now) => (now === id ? undefined : now))
          toast(t('dock.stop-failed', { reason: errorLine(failed, t) }))
        })
      },
      show: async (id) => {
        setUnread(undefined)
        try {
          await desk.live.load(async () => {
            const detail = await readRun(id)
            const { status: reached, input, document, number } = detail
            return { run: hasEnded(reached) ? runFromDetail(detail) : startedRun(id, input, document), number }
          })
        } catch (failed) {
          setUnread({ run: id, error: failed })
        }
      },
      isActive: status !== undefined && !hasEnded(status),
      isStarting,
      isStopping,
      asking,
      ask: (open) => {
        setError(undefined)
        // The question which edits go on comes first; nothing opens over it.
        if (open && desk.autosave.state.getState().status === 'conflict') return setRefused('conflict')
        ask(open)
      },
      error,
      unread,
      forgetUnread: () => setUnread(undefined),
      refused,
      settle: () => setRefused(undefined),
    }
  }, [t, desk, client, onBlocked, status, isStarting, isStopping, asking, error, unread, refused])
}
