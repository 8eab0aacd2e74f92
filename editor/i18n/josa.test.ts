import { setupI18n } from '@lingui/core'
import { expect, it } from 'vitest'
import { compileMessage } from './compile-message.ts'
import { joinParticles } from './join-particles.ts'
import { particle } from './josa.ts'

it.each([
  ['답변', '을/를', '을'],
  ['규정 찾기', '을/를', '를'],
  ['"답변"', '이/가', '이'],
  ['근거(3)', '은/는', '은'],
  ['7', '은/는', '은'],
  ['2', '이/가', '가'],
  ['10', '이/가', '이'],
  ['1,000', '을/를', '을'],
  ['v8', '으로/로', '로'],
  ['서울', '으로/로', '로'],
  ['부산', '으로/로', '으로'],
  ['model', '을/를', '을'],
  ['question', '을/를', '을'],
  ['messages', '을/를', '를'],
  ['query', '이/가', '가'],
  ['web', '이/가', '이'],
])('after %s, of %s, stands %s', (word, pair, expected) => {
  expect(particle(word, pair)).toBe(expected)
})

it('joins particles to values inside messages, also several and inside plurals', () => {
  const i18n = setupI18n()
  i18n.setMessagesCompiler(compileMessage)
  i18n.loadAndActivate({
    locale: 'ko',
    messages: {
      wire: '{from, josa, 을/를} {to, josa, 으로/로} 이어요',
      count: '{n, plural, other {#개를 {name, josa, 과/와} 묶어요}}',
    },
  })
  expect(joinParticles(i18n._('wire', { from: '질문', to: '답' }))).toBe('질문을 답으로 이어요')
  expect(joinParticles(i18n._('count', { n: 3, name: '찾기' }))).toBe('3개를 찾기와 묶어요')
})
