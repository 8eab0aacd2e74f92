/** Writes the rows of this example, the same ones every time: `node examples/close-the-loop/make-data.ts`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { crc32 } from 'node:zlib'
import { questions, tasks } from '../../tests/bench/tiny/prompts.ts'
import { tickets } from '../../tests/bench/tiny/sentences.ts'
import { createWords, type Language, settleParticles } from '../../tests/bench/tiny/words.ts'

const languages: readonly Language[] = ['en', 'ko']
/** In the order of the queues in `tickets`: nothing in a ticket says which team it is. */
const teams = ['team Falcon', 'team Otter', 'team Heron', 'team Lynx']
const sizes = { train: 360, test: 200, replay: 400, old: 350 }

type Split = 'train' | 'test'
type Ticket = { ticket: string; team: string }

/** A drawn word belongs to one split for good: no invented name, thing or code of the test is ever trained on. */
const splitOf = (word: string): Split => ((crc32(word) >>> 8) % 3 === 0 ? 'test' : 'train')

const drawTickets = (language: Language, split: Split, count: number, seed: number): Ticket[] => {
  const words = createWords(language, seed)
  const own = (make: () => string): string => {
    for (;;) {
      const word = make()
      if (splitOf(word) === split) return word
    }
  }
  // A sentence without a place for a word would be the same ticket in both splits.
  const queues = tickets[language].map(([, sentences]) => sentences.filter((sentence) => sentence.includes('{')))
  const seen = new Set<string>()
  const rows: Ticket[] = []
  while (rows.length < count) {
    const queue = rows.length % teams.length
    const drawn: Record<string, string> = {
      thing: own(words.invented),
      name: own(() => words.invented().replace(/^./, (letter) => letter.toUpperCase())),
      code: own(words.code),
      number: own(() => String(words.between(2, 9_999))),
    }
    const sentence = words.pick(queues[queue] as string[])
    const ticket = settleParticles(sentence.replace(/\{(\w+)\}/g, (_, slot: string) => drawn[slot] as string))
    if (seen.has(ticket)) continue
    seen.add(ticket)
    rows.push({ ticket, team: teams[queue] as string })
  }
  return words.shuffle(rows)
}

/** The tasks that local:tiny knows and should still know afterwards, by the prompts of docs/models.md. */
const known: Record<string, string> = {
  ticket: 'ticket',
  sentiment: 'sentiment',
  copy: 'copy',
  'look-up': 'key in passages',
  json: 'JSON extraction',
}
/** Known as well, but never repeated while it learns: what happens to these shows what replay is for. */
const notReplayed: Record<string, string> = { urgency: 'urgency', language: 'language' }
type Old = { task: string; prompt: string; completion: string }
const drawOld = (of: Record<string, string>, count: number, seed: number, without: ReadonlySet<string>): Old[] => {
  const each = count / languages.length / Object.keys(of).length
  return Object.entries(of).flatMap(([task, title]) => {
    const source = tasks.find((one) => one.title === title)
    if (!source) throw new Error(`There is no task "${title}".`)
    return languages.flatMap((language) => {
      const found = new Map<string, Old>()
      for (const { prompt, answer } of questions(source, language, each * 40, seed)) {
        if (found.size < each && !without.has(prompt)) found.set(prompt, { task, prompt, completion: answer })
      }
      if (found.size < each) throw new Error(`Only ${found.size} different questions of "${title}".`)
      return [...found.values()]
    })
  })
}

const write = (name: string, rows: readonly object[]) => {
  writeFileSync(join(import.meta.dirname, `${name}.jsonl`), rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
}
const bothLanguages = (split: Split, seed: number) =>
  languages.flatMap((language) => drawTickets(language, split, sizes[split] / languages.length, seed))

const old = drawOld({ ...known, ...notReplayed }, sizes.old, 31, new Set())
const replay = drawOld(known, sizes.replay, 77, new Set(old.map(({ prompt }) => prompt)))
write('train', bothLanguages('train', 5))
write('test', bothLanguages('test', 6))
write('old', old)
write('replay', replay)
