import { describe, expect, it } from 'vitest'
import type { Kind } from '../ports.ts'
import { renderTemplate, renderValue } from './template.ts'

const document = { text: '15일', source: { file: 'leave.md', start: 0, end: 3 }, score: 1 }

describe('renderValue', () => {
  it.each<[unknown, Kind, string]>([
    ['text', 'text', 'text'],
    [1.5, 'number', '1.5'],
    [true, 'boolean', 'true'],
    [{ a: [1] }, 'json', '{"a":[1]}'],
    [{ 팀: '청구' }, 'row', '{"팀":"청구"}'],
    [document, 'document', '[leave.md]\n15일'],
    [{ text: 'b' }, 'document', 'b'],
    [[document, { text: 'b' }], 'documents', '[leave.md]\n15일\n\nb'],
    [[], 'documents', ''],
    [{ role: 'user', content: 'hi' }, 'message', 'hi'],
    [
      [
        { role: 'user', content: 'hi' },
        { role: 'assistant', content: 'yes?' },
      ],
      'messages',
      'user: hi\nassistant: yes?',
    ],
  ])('%j as %s', (value, kind, text) => expect(renderValue(value, kind)).toBe(text))
})

describe('renderTemplate', () => {
  it.each([
    ['{{a}} {{ a }}{{a}}', 'x xx'],
    ['{{b.c.1}}', '2'],
    ['{{b.c}}', '[1,2]'],
    ['{{d.0.text}}', '15일'],
    ['{{질문}}?', '휴가?'],
    ['{{b.nothing}}|{{nothing}}|{{b.constructor}}', '||'],
    ['{a} {{}} {{a b}} {{a|upper}} {{{a}}}', '{a} {{}} {{a b}} {{a|upper}} {x}'],
    ['', ''],
  ])('%s', (template, text) => {
    const values = { a: 'x', b: { c: [1, 2] }, d: [document], 질문: '휴가' }
    expect(renderTemplate(template, values, { b: 'json', d: 'documents' })).toBe(text)
  })

  it('never fills what was filled in', () => {
    expect(renderTemplate('{{a}}', { a: '{{b}} $& $1', b: 'secret' }, {})).toBe('{{b}} $& $1')
  })
})
