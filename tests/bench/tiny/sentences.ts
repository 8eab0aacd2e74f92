import type { Language } from './words.ts'

type ByLabel = readonly (readonly [label: string, sentences: readonly string[]])[]

/** What people write, by its label. `{thing}` and the like are drawn; labels stand in the order of the recommended prompt. */
export const tickets: Record<Language, ByLabel> = {
  en: [
    [
      'billing',
      [
        'I was charged twice for the {thing}.',
        'Please refund my payment of {number} dollars.',
        'The invoice for the {thing} is wrong.',
        'I want my money back for the {thing}.',
      ],
    ],
    [
      'bug',
      [
        'The app crashes when I open the {thing}.',
        'I get error {number} on the {thing} page.',
        'The {thing} button does not work.',
        'The page freezes after I click {thing}.',
      ],
    ],
    [
      'account',
      [
        'I forgot my password.',
        'I can not log in as {name}.',
        'Please change my email to {name}.',
        'My account {code} is locked.',
      ],
    ],
    [
      'shipping',
      [
        'My {thing} has not arrived.',
        'Where is my package {code}?',
        'The delivery of the {thing} is late.',
        'The courier lost my {thing}.',
      ],
    ],
  ],
  ko: [
    [
      '결제',
      [
        '{thing} 요금이 두 번 결제되었습니다.',
        '{number}원을 환불해 주세요.',
        '{thing} 청구서가 잘못되었습니다.',
        '청구 금액이 왜 {number}원입니까?',
      ],
    ],
    [
      '오류',
      [
        '{thing} 화면을 열면 앱이 멈춥니다.',
        '{thing} 버튼이 작동하지 않습니다.',
        '{thing} 기능에 버그가 있습니다.',
        '앱이 자꾸 꺼집니다.',
      ],
    ],
    [
      '계정',
      [
        '비밀번호를 잊어버렸습니다.',
        '{name} 아이디로 로그인이 안 됩니다.',
        '계정을 삭제해 주세요.',
        '제 계정 {code}(이/가) 잠겼습니다.',
      ],
    ],
    [
      '배송',
      [
        '{thing}(이/가) 아직 안 왔습니다.',
        '제 택배 {code}(은/는) 어디에 있습니까?',
        '{thing} 배달이 늦습니다.',
        '주문 {code}(은/는) 언제 도착합니까?',
      ],
    ],
  ],
}
export const sentiments: Record<Language, ByLabel> = {
  en: [
    [
      'positive',
      [
        'I love the {thing}.',
        'The {thing} is wonderful.',
        '{name} was happy with the {thing}.',
        'Great {thing}, thank you!',
        'The {thing} works very well.',
      ],
    ],
    [
      'negative',
      [
        'I hate the {thing}.',
        'The {thing} is terrible.',
        '{name} was angry about the {thing}.',
        'Awful {thing}, never again.',
        'The {thing} does not work.',
      ],
    ],
  ],
  ko: [
    [
      '긍정',
      [
        '{thing}(이/가) 정말 좋습니다.',
        '{thing} 덕분에 행복합니다.',
        '{name}님은 {thing}에 만족했습니다.',
        '멋진 {thing}입니다, 감사합니다!',
        '{thing}(이/가) 아주 잘 됩니다.',
      ],
    ],
    [
      '부정',
      [
        '{thing}(이/가) 정말 나쁩니다.',
        '{thing} 때문에 화가 납니다.',
        '{name}님은 {thing}에 실망했습니다.',
        '형편없는 {thing}입니다, 다시는 안 삽니다.',
        '{thing}(이/가) 잘 안 됩니다.',
      ],
    ],
  ],
}
export const urgencies: Record<Language, ByLabel> = {
  en: [
    [
      'high',
      [
        'Urgent: the {thing} is down.',
        'We need the {thing} today.',
        'Nobody can work, the {thing} is broken.',
        'Please fix the {thing} immediately.',
      ],
    ],
    [
      'low',
      [
        'When you have time, look at the {thing}.',
        'No hurry, but the {thing} is old.',
        'It would be nice to have a {thing} some day.',
        'A small question about the {thing}, it can wait.',
      ],
    ],
  ],
  ko: [
    [
      '높음',
      [
        '긴급: {thing}(이/가) 멈췄습니다.',
        '{thing}(이/가) 지금 필요합니다.',
        '{thing} 때문에 아무도 일을 못 합니다.',
        '{thing}(을/를) 당장 고쳐 주세요.',
      ],
    ],
    [
      '낮음',
      [
        '시간이 날 때 {thing}(을/를) 봐 주세요.',
        '급하지 않지만 {thing}(이/가) 낡았습니다.',
        '나중에 {thing}(이/가) 있으면 좋겠습니다.',
        '{thing}에 대한 작은 질문입니다, 천천히 해 주세요.',
      ],
    ],
  ],
}

/** Everyday words by language, and its name in English and Korean. */
export const spoken = [
  ['English', '영어', 'the is a and of to in my your we they with house water good day very not have'],
  ['Korean', '한국어', '나는 우리는 집에 물이 좋은 오늘은 매우 그리고 있습니다 갑니다 왔습니다 친구가 아침에 큰 작은'],
  ['Spanish', '스페인어', 'el la es una y de en mi tu nosotros con casa agua bueno muy no tienen porque'],
  ['French', '프랑스어', 'le la est une et de dans mon votre nous avec maison eau bon jour pas ont parce'],
  ['German', '독일어', 'der die das ist ein und von mein wir mit haus wasser gut sehr nicht haben weil'],
] as const

/** How a person tells a field of an order. */
export const fields: Record<
  Language,
  { name: string; city: string; order: string; told: [string[], string[], string[]] }
> = {
  en: {
    ...{ name: 'name', city: 'city', order: 'order' },
    told: [
      ['My name is {value}.', 'I am {value}.', 'This is {value}.'],
      ['I live in {value}.', 'I am from {value}.'],
      ['My order is {value}.', 'The order number is {value}.'],
    ],
  },
  ko: {
    ...{ name: '이름', city: '도시', order: '주문' },
    told: [
      ['제 이름은 {value}입니다.', '저는 {value}입니다.'],
      ['{value}에 삽니다.', '집은 {value}에 있습니다.'],
      ['주문 번호는 {value}입니다.', '주문은 {value}입니다.'],
    ],
  },
}

/** Facts in one sentence each; `{a}` is the subject, `{b}` and `{c}` what is asked for. */
type Fact = {
  b: 'number' | 'code' | 'day'
  c?: 'clock'
  of: 'thing' | 'event'
  told: string[]
  asked: [question: string, answer: 'b' | 'c'][]
}
export const facts: Record<Language, Fact[]> = {
  en: [
    {
      of: 'thing',
      b: 'number',
      told: ['The {a} costs {b} dollars.', 'The price of the {a} is {b} dollars.'],
      asked: [
        ['How much is the {a}?', 'b'],
        ['What is the price of the {a}?', 'b'],
      ],
    },
    {
      of: 'thing',
      b: 'code',
      told: ['The code of the {a} is {b}.', 'The {a} has code {b}.'],
      asked: [
        ['What is the code of the {a}?', 'b'],
        ['Which code does the {a} have?', 'b'],
      ],
    },
    {
      of: 'event',
      b: 'day',
      c: 'clock',
      told: ['The {a} is on {b} at {c}.', 'The {a} starts on {b} at {c}.'],
      asked: [
        ['When is the {a}?', 'b'],
        ['What day is the {a}?', 'b'],
        ['What time is the {a}?', 'c'],
      ],
    },
  ],
  ko: [
    {
      of: 'thing',
      b: 'number',
      told: ['{a}(은/는) {b}원입니다.', '{a}의 가격은 {b}원입니다.'],
      asked: [
        ['{a}(은/는) 얼마입니까?', 'b'],
        ['{a}의 가격은?', 'b'],
      ],
    },
    {
      of: 'thing',
      b: 'code',
      told: ['{a}의 코드는 {b}입니다.', '{a} 코드: {b}.'],
      asked: [
        ['{a}의 코드는 무엇입니까?', 'b'],
        ['{a}의 코드는?', 'b'],
      ],
    },
    {
      of: 'event',
      b: 'day',
      c: 'clock',
      told: ['{a}(은/는) {b} {c}에 있습니다.', '{a}(은/는) {b} {c}에 시작합니다.'],
      asked: [
        ['{a}(은/는) 언제입니까?', 'b'],
        ['{a}(은/는) 무슨 요일입니까?', 'b'],
        ['{a}(은/는) 몇 시입니까?', 'c'],
      ],
    },
  ],
}
