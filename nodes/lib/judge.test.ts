import { describe, expect, it } from 'vitest'
import { judge, type Rule, readNumber } from './judge.ts'

const rule = (wanted: Partial<Rule>): Rule => ({
  kind: 'exact',
  pattern: '',
  schema: {},
  absolute: 0,
  relative: 0,
  ignoreCase: false,
  ignoreSpace: true,
  ...wanted,
})
const memo = <T>(_: string, build: () => Promise<T>) => build()
const score = async (actual: unknown, expected: unknown, wanted: Partial<Rule>) =>
  (await judge(actual, expected, rule(wanted), memo)).value

describe('judge', () => {
  const cases: [Partial<Rule>, unknown, unknown, number][] = [
    [{}, 'billing', 'billing', 1],
    [{}, 'Billing', 'billing', 0],
    [{ ignoreCase: true }, 'Billing', 'billing', 1],
    [{}, ' a  b\n', 'a b', 1],
    [{ ignoreSpace: false }, 'a ', 'a', 0],
    [{}, '휴가'.normalize('NFD'), '휴가', 1],
    [{}, { a: 1, b: [2] }, { b: [2], a: 1 }, 1],
    [{}, [1, 2], [2, 1], 0],
    [{}, '3', 3, 1],
    [{}, null, null, 1],
    [{ kind: 'contains' }, '연차는 15일이에요', '15일', 1],
    [{ kind: 'contains' }, 'a or b', ['a', 'b', 'c', 'd'], 0.5],
    [{ kind: 'contains' }, 'anything', [], 1],
    [{ kind: 'contains', ignoreCase: true }, 'REFUND', 'refund', 1],
    [{ kind: 'regex', pattern: '^\\d+$' }, '42', undefined, 1],
    [{ kind: 'regex', pattern: '^\\d+$' }, '42 days', undefined, 0],
    [{ kind: 'regex', pattern: 'refund', ignoreCase: true }, 'REFUND', undefined, 1],
    [{ kind: 'json-schema', schema: { type: 'object' } }, '{"a": 1}', undefined, 1],
    [{ kind: 'json-schema', schema: { type: 'object' } }, { a: 1 }, undefined, 1],
    [{ kind: 'json-schema', schema: { type: 'object' } }, 'Sure: {"a": 1}', undefined, 0],
    [{ kind: 'json-schema', schema: { required: ['b'] } }, { a: 1 }, undefined, 0],
    [{ kind: 'numeric' }, '42.0', 42, 1],
    [{ kind: 'numeric', absolute: 0.1 }, 0.3, 0.2, 1],
    [{ kind: 'numeric', absolute: 0.1 }, 0.31, 0.2, 0],
    [{ kind: 'numeric', relative: 0.01 }, 990, '1,000', 1],
    [{ kind: 'numeric', relative: 0.01 }, -990, -1000, 1],
    [{ kind: 'numeric', relative: 0.01 }, 989, 1000, 0],
    [{ kind: 'numeric' }, 'about 42', 42, 0],
  ]
  it.each(cases)('%j: %j against %j scores %f', async (wanted, actual, expected, value) => {
    expect(await score(actual, expected, wanted)).toBe(value)
  })

  it.each([
    [{ kind: 'exact' }, undefined, 'expected-missing'],
    [{ kind: 'contains' }, undefined, 'expected-missing'],
    [{ kind: 'numeric' }, undefined, 'expected-missing'],
    [{ kind: 'numeric' }, 'many', 'expected-not-number'],
    [{ kind: 'regex' }, undefined, 'pattern-missing'],
    [{ kind: 'regex', pattern: '(' }, undefined, 'pattern-invalid'],
    [{ kind: 'json-schema', schema: { type: 'objekt' } }, undefined, 'schema-invalid'],
  ] as const)('%j against %j cannot judge: %s', async (wanted, expected, code) => {
    await expect(judge('42', expected, rule(wanted), memo)).rejects.toMatchObject({ code })
  })

  it('says what was wrong, in short', async () => {
    const { reason } = await judge('x'.repeat(500), 'billing', rule({}), memo)
    expect(reason).toMatch(/^expected "billing", got "x+…"$/)
    expect(reason?.length).toBeLessThan(120)
  })
})

describe('readNumber', () => {
  it.each([
    ['1,234.5', 1234.5],
    ['-0.5', -0.5],
    ['.5', 0.5],
    ['4.2e1', 42],
    [' 7 ', 7],
    ['1,23', undefined],
    ['0x10', undefined],
    ['', undefined],
    ['Infinity', undefined],
    [true, undefined],
  ])('%j is %j', (text, number) => expect(readNumber(text)).toBe(number))
})
