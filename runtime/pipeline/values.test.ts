import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kindSchema, kinds } from './ports.ts'
import { isOfKind, kindProblem } from './values.ts'

const value = fc.oneof(
  fc.jsonValue(),
  fc.anything(),
  fc.record({ role: fc.constantFrom('user', 'system', 'nobody'), content: fc.string() }),
  fc.record({ text: fc.string() }),
)

describe('A value is of its kind', () => {
  it.each(kinds.filter((kind) => kind !== 'any'))('%s exactly when the kind’s schema takes it', (kind) => {
    fc.assert(
      fc.property(value, (candidate) => {
        // The journal leaves out what is undefined; the schemas speak of what has been parsed.
        const stored = candidate === undefined ? undefined : reparse(candidate)
        if (stored === notJson) return
        expect(isOfKind(stored, kind)).toBe(kindSchema[kind].safeParse(stored).success)
      }),
    )
  })

  it.each([
    [() => 1],
    [new Date()],
    [new Map()],
    [Number.NaN],
    [10n],
    [Symbol('x')],
    [{ deep: [{ deeper: new Set() }] }],
    [undefined],
  ])('any and json only when it is JSON: %s', (odd) => {
    expect(isOfKind(odd, 'any')).toBe(false)
    expect(isOfKind(odd, 'json')).toBe(false)
    expect(kindProblem(odd, 'any')).not.toBe('')
  })

  it('is not JSON when it contains itself', () => {
    const loop: Record<string, unknown> = {}
    loop.self = loop
    expect(isOfKind(loop, 'json')).toBe(false)
  })
})

const notJson = Symbol('not JSON')
const reparse = (candidate: unknown): unknown => {
  try {
    return JSON.parse(JSON.stringify(candidate))
  } catch {
    return notJson
  }
}
