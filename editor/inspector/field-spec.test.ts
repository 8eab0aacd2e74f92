import { describe, expect, it } from 'vitest'
import { fieldSpecs, isShown } from './field-spec.ts'

const label = { en: 'Top', ko: '개수' }

describe('the form of a config', () => {
  it('takes the control from the hint, else from the type', () => {
    const controls = fieldSpecs({
      properties: {
        template: { type: 'string', ui: 'template' },
        name: { type: 'string' },
        on: { type: 'boolean' },
        top: { type: 'integer', minimum: 1, maximum: 50 },
        mode: { type: 'string', enum: ['a', 'b'] },
        stop: { type: 'array', items: { type: 'string' } },
        shape: { type: 'object' },
        secret: { type: 'string', ui: 'hidden' },
      },
    }).map(({ key, control }) => [key, control])
    expect(controls).toEqual([
      ['template', 'template'],
      ['name', 'text'],
      ['on', 'toggle'],
      ['top', 'number'],
      ['mode', 'choice'],
      ['stop', 'lines'],
      ['shape', 'json'],
    ])
  })

  it('keeps label, bounds, unit and the names of choices', () => {
    const [top, mode] = fieldSpecs({
      properties: {
        top: { type: 'integer', minimum: 1, maximum: 9007199254740991, unit: 'rows', label, default: 4 },
        mode: { enum: ['a', 'b'], options: { a: label } },
      },
    })
    expect(top).toMatchObject({ label, min: 1, unit: 'rows', whole: true, fallback: 4 })
    expect(top).not.toHaveProperty('max')
    expect(mode?.choices).toEqual([
      { value: 'a', label },
      { value: 'b', label: undefined },
    ])
  })

  it('sees through an optional null and knows the kinds of rows', () => {
    const [limit, fields] = fieldSpecs({
      properties: {
        limit: { anyOf: [{ type: 'number', minimum: 0 }, { type: 'null' }] },
        fields: { type: 'object', ui: 'fields', additionalProperties: { enum: ['text', 'number'] } },
      },
    })
    expect(limit).toMatchObject({ control: 'number', min: 0 })
    expect(fields?.kinds).toEqual(['text', 'number'])
  })

  it('shows a field only where it matters', () => {
    const [pattern] = fieldSpecs({ properties: { pattern: { type: 'string', when: { kind: ['regex'] } } } })
    expect(pattern && isShown(pattern, { kind: 'regex' })).toBe(true)
    expect(pattern && isShown(pattern, { kind: 'exact' })).toBe(false)
  })
})
