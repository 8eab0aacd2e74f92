"""Tasks answered from sentences: extractive questions, "is the answer there?", JSON extraction."""
from __future__ import annotations

import json
from dataclasses import dataclass

from .copying import NOT_FOUND, Turns
from .writer import Writer


@dataclass(frozen=True)
class Relation:
    """A kind of fact: its slots (the subject first), how it is told, and questions with the slot that answers each.

    The last way of telling and the last question of each language are kept for evaluation.
    """

    slots: dict[str, str]
    told: dict[str, list[str]]
    asked: dict[str, list[tuple[str, str]]]


RELATIONS = [
    Relation(dict(a="name", b="city"),
             dict(en=["{a} lives in {b}.", "{a} is from {b}.", "{b} is where {a} lives.", "The home of {a} is in {b}."],
                  ko=["{a}(은/는) {b}에 삽니다.", "{a}의 집은 {b}에 있습니다.", "{b}에는 {a}(이/가) 삽니다.", "{a}(이/가) 사는 곳은 {b}입니다."]),
             dict(en=[("Where does {a} live?", "b"), ("Where is {a} from?", "b"), ("Who lives in {b}?", "a"), ("In which city is {a}?", "b")],
                  ko=[("{a}(은/는) 어디에 삽니까?", "b"), ("{b}에 사는 사람은 누구입니까?", "a"), ("누가 {b}에 삽니까?", "a"), ("{a}의 집은 어디입니까?", "b")])),
    Relation(dict(a="name", b="coloured_thing"),
             dict(en=["{a} has a {b}.", "{a} owns a {b}.", "The {b} belongs to {a}.", "{a} got a {b}."],
                  ko=["{a}에게 {b}(이/가) 있습니다.", "{a}(은/는) {b}(을/를) 가지고 있습니다.", "{b}(은/는) {a}의 것입니다.", "{a}(은/는) {b}(을/를) 받았습니다."]),
             dict(en=[("What does {a} have?", "b"), ("What does {a} own?", "b"), ("Who has the {b}?", "a"), ("Whose is the {b}?", "a")],
                  ko=[("{a}에게 무엇이 있습니까?", "b"), ("{a}(은/는) 무엇을 가지고 있습니까?", "b"), ("{b}(은/는) 누구에게 있습니까?", "a"), ("{b}(은/는) 누구의 것입니까?", "a")])),
    Relation(dict(a="name", b="number", c="thing"),
             dict(en=["{a} bought {b} {c}s.", "{a} ordered {b} {c}s.", "{b} {c}s were bought by {a}.", "{a} took {b} {c}s."],
                  ko=["{a}(은/는) {c} {b}개를 샀습니다.", "{a}(은/는) {c} {b}개를 주문했습니다.", "{c} {b}개를 {a}(이/가) 샀습니다.", "{a}(은/는) {c} {b}개를 골랐습니다."]),
             dict(en=[("How many {c}s did {a} buy?", "b"), ("Who bought {b} {c}s?", "a"), ("How many {c}s did {a} order?", "b"), ("How many {c}s are for {a}?", "b")],
                  ko=[("{a}(은/는) {c} 몇 개를 샀습니까?", "b"), ("{c} {b}개를 산 사람은 누구입니까?", "a"), ("{a}의 {c}(은/는) 몇 개입니까?", "b")])),
    Relation(dict(a="event", b="day", c="clock"),
             dict(en=["The {a} is on {b} at {c}.", "The {a} starts on {b} at {c}.", "On {b} at {c} there is the {a}.", "The {a}: {b}, {c}."],
                  ko=["{a}(은/는) {b} {c}에 있습니다.", "{a}(은/는) {b} {c}에 시작합니다.", "{b} {c}에 {a}(이/가) 있습니다.", "{a}: {b} {c}."]),
             dict(en=[("When is the {a}?", "b"), ("What day is the {a}?", "b"), ("What time is the {a}?", "c"), ("On which day is the {a}?", "b")],
                  ko=[("{a}(은/는) 언제입니까?", "b"), ("{a}(은/는) 몇 시입니까?", "c"), ("{a}(은/는) 무슨 요일입니까?", "b")])),
    Relation(dict(a="name", b="job"),
             dict(en=["{a} is a {b}.", "{a} works as a {b}.", "The {b} is {a}.", "{a} became a {b}."],
                  ko=["{a}의 직업은 {b}입니다.", "{a}(은/는) {b}(으로/로) 일합니다.", "{b}(은/는) {a}입니다.", "{a}(은/는) {b}입니다."]),
             dict(en=[("What is the job of {a}?", "b"), ("What does {a} work as?", "b"), ("Who is the {b}?", "a"), ("What is {a}?", "b")],
                  ko=[("{a}의 직업은 무엇입니까?", "b"), ("{b}(은/는) 누구입니까?", "a"), ("{a}(은/는) 무슨 일을 합니까?", "b")])),
    Relation(dict(a="thing", b="code"),
             dict(en=["The code of the {a} is {b}.", "The {a} has code {b}.", "{b} is the code of the {a}.", "Use code {b} for the {a}."],
                  ko=["{a}의 코드는 {b}입니다.", "{a} 코드: {b}.", "{b}(은/는) {a}의 코드입니다.", "{a}에는 코드 {b}(을/를) 쓰세요."]),
             dict(en=[("What is the code of the {a}?", "b"), ("Which code does the {a} have?", "b"), ("What has code {b}?", "a"), ("What code is for the {a}?", "b")],
                  ko=[("{a}의 코드는 무엇입니까?", "b"), ("{a}의 코드는?", "b"), ("코드 {b}(은/는) 무엇입니까?", "a"), ("{a} 코드를 알려 주세요.", "b")])),
    Relation(dict(a="thing", b="number"),
             dict(en=["The {a} costs {b} dollars.", "The price of the {a} is {b} dollars.", "You pay {b} dollars for the {a}.", "The {a} is {b} dollars."],
                  ko=["{a}(은/는) {b}원입니다.", "{a}의 가격은 {b}원입니다.", "{a} 값은 {b}원입니다.", "{a}(을/를) {b}원에 팝니다."]),
             dict(en=[("How much is the {a}?", "b"), ("How much does the {a} cost?", "b"), ("What is the price of the {a}?", "b"), ("What does the {a} cost?", "b")],
                  ko=[("{a}(은/는) 얼마입니까?", "b"), ("{a}의 가격은?", "b"), ("{a} 값은 얼마입니까?", "b")])),
    Relation(dict(a="thing", b="place"),
             dict(en=["The {a} is in the {b}.", "You can find the {a} in the {b}.", "In the {b} there is a {a}.", "The {a} stands in the {b}."],
                  ko=["{a}(은/는) {b}에 있습니다.", "{b}에 {a}(이/가) 있습니다.", "{a}(을/를) {b}에서 찾을 수 있습니다.", "{a}(은/는) {b}에 두었습니다."]),
             dict(en=[("Where is the {a}?", "b"), ("What is in the {b}?", "a"), ("Where can I find the {a}?", "b"), ("In which room is the {a}?", "b")],
                  ko=[("{a}(은/는) 어디에 있습니까?", "b"), ("{b}에 무엇이 있습니까?", "a"), ("{a}(을/를) 어디에서 찾습니까?", "b")])),
    Relation(dict(a="name", b="day"),
             dict(en=["{a} arrives on {b}.", "{a} comes on {b}.", "On {b}, {a} arrives.", "{a} is here on {b}."],
                  ko=["{a}(은/는) {b}에 옵니다.", "{a}(은/는) {b}에 도착합니다.", "{b}에 {a}(이/가) 옵니다.", "{a}(은/는) {b}에 방문합니다."]),
             dict(en=[("When does {a} arrive?", "b"), ("When does {a} come?", "b"), ("Who arrives on {b}?", "a"), ("On which day does {a} come?", "b")],
                  ko=[("{a}(은/는) 언제 옵니까?", "b"), ("{b}에 오는 사람은 누구입니까?", "a"), ("{a}(이/가) 오는 요일은?", "b")])),
    Relation(dict(a="thing", b="name"),
             dict(en=["The {a} was made by {b}.", "{b} made the {a}.", "{b} repaired the {a}.", "The {a} is the work of {b}."],
                  ko=["{a}(은/는) {b}(이/가) 만들었습니다.", "{b}(이/가) {a}(을/를) 고쳤습니다.", "{b}(은/는) {a}(을/를) 만들었습니다.", "{a}(은/는) {b}의 작품입니다."]),
             dict(en=[("Who made the {a}?", "b"), ("What did {b} make?", "a"), ("Who repaired the {a}?", "b"), ("By whom is the {a}?", "b")],
                  ko=[("{a}(은/는) 누가 만들었습니까?", "b"), ("{b}(은/는) 무엇을 만들었습니까?", "a"), ("{a}(을/를) 만든 사람은?", "b")])),
]


def slot_value(writer: Writer, kind: str) -> str:
    match kind:
        case "name": return writer.name()
        case "city": return writer.city()
        case "thing": return writer.thing()
        case "code": return writer.code()
        case "clock": return writer.clock()
        case "number": return str(writer.between(2, 99))
        case "coloured_thing": return f"{writer.from_list('colours')} {writer.thing()}"
        case "event" | "day" | "job" | "place": return writer.from_list(kind + "s")
    raise ValueError(f"no such slot: {kind}")


def tell(writer: Writer, relation: Relation, fact: dict[str, str]) -> str:
    return writer.tell(relation.told[writer.language], **fact)


def ask(writer: Writer, relation: Relation, fact: dict[str, str]) -> tuple[str, str]:
    """New questions are held out with the instructions, not with the words."""
    options = relation.asked[writer.language]
    question, slot = writer.rng.choice(options[-1:] if writer.instructions == "held_out" else options[:-1])
    return writer.fill(question, **fact), fact[slot]


def draw_facts(writer: Writer, relation: Relation, count: int) -> list[dict[str, str]]:
    """Facts of one relation that share no value, so that every question has one answer."""
    columns = {slot: writer.distinct(lambda kind=kind: slot_value(writer, kind), count) for slot, kind in relation.slots.items()}
    return [{slot: values[place] for slot, values in columns.items()} for place in range(count)]


def draw_context(writer: Writer) -> tuple[str, list[tuple[str, str]], tuple[str, str]]:
    """A context of 1-5 sentences, the questions it answers, and one question that it does not answer."""
    kinds = writer.rng.sample(RELATIONS, 1 if writer.easy() else writer.rng.choice([1, 2, 2, 3]))
    sentences: list[str] = []
    questions: list[tuple[str, str]] = []
    unanswerable = ("", "")
    for relation in kinds:
        told = writer.between(1, 3) if writer.easy() else writer.between(2, 5) if len(kinds) == 1 else writer.between(1, 3 if len(kinds) == 2 else 2)
        facts = draw_facts(writer, relation, told + 1)
        absent = facts.pop()
        sentences += [tell(writer, relation, fact) for fact in facts]
        questions += [ask(writer, relation, fact) for fact in facts]
        if relation is kinds[0]:
            unanswerable = ask(writer, relation, absent)
    writer.rng.shuffle(sentences)
    writer.rng.shuffle(questions)
    return " ".join(sentences), questions, unanswerable


ANSWER = {
    "en": ["Context: {context}\nQuestion: {question}[|\nAnswer:]", "{context}\n{question}", "[Text|Context]:\n{context}\n{question}",
           "Answer [the question |]from the [text|context].\n{context}\nQuestion: {question}", "Question: {question}\nContext: {context}",
           "[Document|Passage]: {context}\n[Question|Q]: {question}", "Use the [text|passage|document] to answer.\n{context}\n{question}",
           "Read the text and answer.\nText: {context}\nQuestion: {question}", "Text: {context}\nAnswer the question: {question}"],
    "ko": ["문맥: {context}\n질문: {question}[|\n답:]", "{context}\n{question}", "[글|문맥]:\n{context}\n{question}",
           "[글을|문맥을] [읽고|보고] 답하세요.\n{context}\n질문: {question}", "질문: {question}\n문맥: {context}",
           "[문서|자료]: {context}\n[질문|물음]: {question}", "[글에서|자료에서] 답을 찾으세요.\n{context}\n{question}",
           "글을 읽고 질문에 답하세요.\n글: {context}\n질문: {question}", "글: {context}\n질문에 답하세요: {question}"],
}
NEXT_QUESTION = {"en": ["{question}", "Question: {question}", "And: {question}", "Next: {question}"], "ko": ["{question}", "질문: {question}", "그럼 {question}", "다음: {question}"]}


def answer_question(writer: Writer) -> Turns:
    context, questions, unanswerable = draw_context(writer)
    asked = questions[:3]
    if writer.chance(0.12):
        asked[0] = (unanswerable[0], NOT_FOUND[writer.language])
    turns = [(writer.instruct(ANSWER, context=context, question=asked[0][0]), asked[0][1])]
    return turns + [(writer.tell(NEXT_QUESTION[writer.language], question=question), answer) for question, answer in asked[1:]]


YES_NO = {"en": ("yes", "no"), "ko": ("예", "아니오")}
ANSWERABLE = {
    "en": ["Does the [context|text] [contain|have] the answer? [yes or no|Answer yes or no.]\nContext: {context}\nQuestion: {question}",
           "Context: {context}\nQuestion: {question}\n[Is the answer in the context?|Can the question be answered?] [yes or no|Answer yes or no.]",
           "Is the answer [there|in the text]? yes or no\n{context}\n{question}",
           "Can the question be answered from the text? yes or no\nText: {context}\nQuestion: {question}",
           "Context: {context}\nQuestion: {question}\nDoes the context contain the answer? yes or no"],
    "ko": ["[문맥에|글에] 답이 [있습니까|나옵니까]? [예 또는 아니오|예 아니면 아니오로 답하세요.]\n문맥: {context}\n질문: {question}",
           "문맥: {context}\n질문: {question}\n[답이 문맥에 있습니까?|질문에 답할 수 있습니까?] [예 또는 아니오|예 아니면 아니오로 답하세요.]",
           "답이 있습니까? 예 또는 아니오\n{context}\n{question}",
           "글을 보고 질문에 답할 수 있습니까? 예 또는 아니오\n글: {context}\n질문: {question}",
           "문맥: {context}\n질문: {question}\n문맥에 답이 있습니까? 예 또는 아니오"],
}


def answerable(writer: Writer) -> Turns:
    context, questions, unanswerable = draw_context(writer)
    yes, no = YES_NO[writer.language]
    holds = writer.chance(0.5)
    question = questions[0][0] if holds else unanswerable[0]
    return [(writer.instruct(ANSWERABLE, context=context, question=question), yes if holds else no)]


@dataclass(frozen=True)
class Field:
    """A field of extracted JSON: how its value is drawn, its key and the clauses that tell it. The last clause is held out."""

    value: str
    key: dict[str, list[str]]
    told: dict[str, list[str]]


FIELDS = [
    Field("full_name", dict(en=["name"], ko=["이름"]),
          dict(en=["My name is {value}.", "I am {value}.", "This is {value}.", "{value} here."], ko=["제 이름은 {value}입니다.", "저는 {value}입니다.", "이름: {value}.", "{value}라고 합니다."])),
    Field("age", dict(en=["age"], ko=["나이"]),
          dict(en=["I am {value} years old.", "My age is {value}.", "Age: {value}.", "I turned {value}."], ko=["나이는 {value}살입니다.", "{value}살입니다.", "나이: {value}.", "올해 {value}살이 되었습니다."])),
    Field("city", dict(en=["city", "town"], ko=["도시"]),
          dict(en=["I live in {value}.", "I am from {value}.", "City: {value}.", "My home is in {value}."], ko=["{value}에 삽니다.", "집은 {value}에 있습니다.", "도시: {value}.", "사는 곳은 {value}입니다."])),
    Field("job", dict(en=["job", "role"], ko=["직업"]),
          dict(en=["I work as a {value}.", "My job is {value}.", "I am a {value}.", "I earn my money as a {value}."], ko=["직업은 {value}입니다.", "{value}(으로/로) 일합니다.", "직업: {value}.", "하는 일은 {value}입니다."])),
    Field("code", dict(en=["order", "order_id"], ko=["주문"]),
          dict(en=["My order is {value}.", "The order number is {value}.", "Order {value}.", "It is about order {value}."], ko=["주문 번호는 {value}입니다.", "주문은 {value}입니다.", "주문: {value}.", "주문 {value} 때문에 씁니다."])),
    Field("thing", dict(en=["item", "product"], ko=["물건", "제품"]),
          dict(en=["I want the {value}.", "I bought the {value}.", "Item: {value}.", "It is about the {value}."], ko=["{value}(을/를) 원합니다.", "{value}(을/를) 샀습니다.", "물건: {value}.", "{value}에 대한 것입니다."])),
    Field("number", dict(en=["quantity", "count"], ko=["수량"]),
          dict(en=["I need {value} of them.", "The quantity is {value}.", "Quantity: {value}.", "There are {value} of them."], ko=["{value}개가 필요합니다.", "수량은 {value}개입니다.", "수량: {value}.", "모두 {value}개입니다."])),
    Field("day", dict(en=["day", "date"], ko=["요일"]),
          dict(en=["Please come on {value}.", "The day is {value}.", "Day: {value}.", "It should be {value}."], ko=["{value}에 와 주세요.", "{value}에 만납시다.", "요일: {value}.", "{value}이면 좋겠습니다."])),
]
EXTRACT = {
    "en": ["Extract {fields} as JSON[.|:]\n{text}", "{text}\n[Extract|Return|Give] {fields} as JSON.", "Text: {text}\nJSON with {fields}:",
           "[Give|Return|Write] [a|the] JSON [object |]with {fields}[.|:]\n{text}", "Message: {text}\n[Extract|Pull out] {fields} as JSON.",
           "Text: {text}\nExtract {fields} as JSON.", "Return JSON with {fields}.\nText: {text}"],
    "ko": ["{fields}(을/를) JSON으로 [뽑으세요|쓰세요][.|:]\n{text}", "{text}\n{fields}(을/를) JSON으로 [뽑으세요|쓰세요].", "글: {text}\nJSON ({fields}):",
           "[다음 글에서|글에서] {fields}(을/를) JSON으로 뽑으세요[.|:]\n{text}", "메시지: {text}\n{fields}(을/를) JSON으로 뽑으세요.",
           "글: {text}\n{fields}(을/를) JSON으로 쓰세요.", "{fields}의 JSON을 쓰세요.\n글: {text}"],
}


def field_value(writer: Writer, kind: str) -> str | int:
    match kind:
        case "age": return writer.between(18, 89)
        case "full_name": return writer.full_name()
        case "number": return writer.between(2, 99)
        case _: return slot_value(writer, kind)


def extract_json(writer: Writer) -> Turns:
    told = writer.rng.sample(FIELDS, 2 if writer.easy() else writer.between(2, 5))
    values = [field_value(writer, field.value) for field in told]
    text = " ".join(writer.tell(field.told[writer.language], value=value) for field, value in zip(told, values, strict=True))
    chosen = writer.rng.sample(range(len(told)), writer.between(2, min(4, len(told))))
    answer = {writer.rng.choice(told[place].key[writer.language]): values[place] for place in chosen}
    return [(writer.instruct(EXTRACT, fields=", ".join(answer), text=text), json.dumps(answer, ensure_ascii=False))]
