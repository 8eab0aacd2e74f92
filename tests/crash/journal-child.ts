import { createJournal } from '#runtime/store/create-journal.ts'
import { openTemporaryArtifacts } from '#runtime/store/file-artifacts.ts'
import type { DatabasePlace } from '#runtime/store/open-database.ts'
import { openDatabase } from '#runtime/store/open-database.ts'
import { takeOwnership } from '#runtime/store/ownership.ts'
import { anEnd, aStart, aStep } from '../support/journal.ts'

/*
 * Writes runs of five steps, sixteen at a time, until it is killed, and says on stdout what was acknowledged:
 * `start ID`, `step ID SEQ`, `end ID`. Writes to a pipe are synchronous, so what was said was acknowledged before.
 */
const place = JSON.parse(process.argv[2] ?? '') as DatabasePlace
const database = await openDatabase(place)
const artifacts = await openTemporaryArtifacts()
const ownership = await takeOwnership({ database })
const journal = createJournal({ database, process: ownership.process, artifacts })
const say = (...words: unknown[]) => process.stdout.write(`${words.join(' ')}\n`)

const drive = async (pipelined: boolean): Promise<void> => {
  const start = aStart()
  const { id } = start
  await journal.start(start)
  say('start', id)
  for (let seq = 1; seq <= 5; seq++) {
    journal.step(id, 1, aStep(seq))
    if (pipelined) continue
    await journal.durable(id)
    say('step', id, seq)
  }
  journal.end(id, 1, anEnd(6))
  await journal.durable(id)
  say('end', id)
}
say('up')
await Promise.all(
  Array.from({ length: 16 }, async (_, lane) => {
    for (;;) await drive(lane % 2 === 0)
  }),
)
