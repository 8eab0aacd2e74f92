import { facts, fields, sentiments, spoken, tickets, urgencies } from './sentences.ts'
import { createWords, type Language, settleParticles, type Words } from './words.ts'

export type Question = { prompt: string; answer: string }
type Draw = (words: Words, language: Language) => { values: Record<string, string>; answer: string }
export type Task = { title: string; template: Record<Language, string>; draw: Draw }

const fill = (template: string, values: Record<string, string>) =>
  template.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole)
const clean = (text: string, language: Language) => (language === 'ko' ? settleParticles(text) : text)

const labelled =
  (of: typeof tickets): Draw =>
  (words, language) => {
    const [answer, sentences] = words.pick(of[language])
    const drawn = {
      thing: words.thing(),
      name: words.name(),
      code: words.code(),
      number: String(words.between(2, 999)),
    }
    return { values: { text: clean(fill(words.pick(sentences), drawn), language) }, answer }
  }

const language: Draw = (words, asked) => {
  const [english, korean, vocabulary] = words.pick(spoken)
  const text = Array.from({ length: words.between(4, 8) }, () => words.pick(vocabulary.split(' '))).join(' ')
  return { values: { text }, answer: asked === 'ko' ? korean : english }
}

const extraction: Draw = (words, of) => {
  const { told, ...keys } = fields[of]
  const values = [words.fullName(), words.city(), words.code()]
  const sentences = told.map((forms, i) => clean(fill(words.pick(forms), { value: values[i] ?? '' }), of))
  const pairs = [keys.name, keys.city, keys.order].map(
    (key, i) => `${JSON.stringify(key)}: ${JSON.stringify(values[i])}`,
  )
  return { values: { text: words.shuffle(sentences).join(' ') }, answer: `{${pairs.join(', ')}}` }
}

/** Passages as a prompt node renders them: `[file]`, the text, an empty line. Six keys in one to three passages. */
const passages: Draw = (words) => {
  const value = () => words.pick([words.code, () => String(words.between(1, 999)), words.invented])()
  const pairs = words.distinct(6, words.thing).map((key) => [key, value()] as const)
  const [key, answer] = words.pick(pairs)
  const files = words.shuffle(['prices.md', 'stock.md', 'rooms.md']).slice(0, words.between(1, 3))
  const documents = files.map((file, i) => {
    const lines = pairs.filter((_, at) => at % files.length === i).map(([k, v]) => `${k}: ${v}`)
    return `[${file}]\n${lines.join('\n')}`
  })
  return { values: { documents: documents.join('\n\n'), key }, answer }
}

const sentenceFacts: Draw = (words, of) => {
  const fact = words.pick(facts[of])
  const make = { number: () => String(words.between(2, 99)), code: words.code, day: () => words.from('days') }[fact.b]
  const subjects = words.distinct(3, fact.of === 'thing' ? words.thing : () => words.from('events'))
  const [bs, cs] = [words.distinct(3, make), words.distinct(3, words.clock)]
  const told = subjects.map((a, i) => ({ a, b: bs[i] ?? '', c: cs[i] ?? '' }))
  const context = told.map((values) => clean(fill(words.pick(fact.told), values), of)).join(' ')
  const [asked, [question, slot]] = [words.pick(told), words.pick(fact.asked)]
  return { values: { context, question: clean(fill(question, asked), of) }, answer: asked[slot] }
}

const copy: Draw = (words) => {
  const makers = [words.invented, words.invented, words.thing, words.name, words.code, words.city]
  const text = Array.from({ length: words.between(1, 6) }, () => words.pick(makers)()).join(' ')
  return { values: { text }, answer: text }
}

/** The prompts that docs/models.md recommends for local:tiny. */
export const tasks: readonly Task[] = [
  {
    title: 'ticket',
    template: {
      en: 'Which category is it: billing, bug, account, shipping?\n{text}',
      ko: '문의를 결제, 오류, 계정, 배송 중 하나로 분류하세요:\n{text}',
    },
    draw: labelled(tickets),
  },
  {
    title: 'sentiment',
    template: {
      en: 'What is the sentiment (positive, negative):\n{text}',
      ko: '감정을 고르세요 (긍정, 부정):\n{text}',
    },
    draw: labelled(sentiments),
  },
  {
    title: 'urgency',
    template: { en: 'Urgency (high, low): {text}', ko: '긴급도 (높음, 낮음): {text}' },
    draw: labelled(urgencies),
  },
  { title: 'language', template: { en: 'Name the language:\n{text}', ko: '언어를 쓰세요:\n{text}' }, draw: language },
  {
    title: 'JSON extraction',
    template: { en: 'Extract name, city, order as JSON:\n{text}', ko: '글: {text}\nJSON (이름, 도시, 주문):' },
    draw: extraction,
  },
  {
    title: 'key in passages',
    template: { en: 'Context:\n{documents}\nQuestion: {key}', ko: '문맥:\n{documents}\n질문: {key}' },
    draw: passages,
  },
  {
    title: 'price, code or event in sentences',
    template: { en: 'Context: {context}\nQuestion: {question}', ko: '문맥: {context}\n질문: {question}' },
    draw: sentenceFacts,
  },
  { title: 'copy', template: { en: 'Repeat this text: {text}', ko: '그대로 반복하세요: {text}' }, draw: copy },
]

/** The same questions for the same seed. */
export const questions = ({ template, draw, title }: Task, of: Language, count: number, seed: number): Question[] => {
  const words = createWords(
    of,
    seed + [...title].reduce((sum, letter) => sum * 31 + letter.charCodeAt(0), of === 'en' ? 1 : 2),
  )
  return Array.from({ length: count }, () => {
    const { values, answer } = draw(words, of)
    return { prompt: fill(template[of], values), answer }
  })
}
