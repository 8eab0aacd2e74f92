"""Tasks answered from sentences: extractive questions, "is the answer there?", JSON extraction."""
from __future__ import annotations

import json
from dataclasses import dataclass

from .copying import NOT_FOUND, YES_NO, Turns
from .relations import RELATIONS, Relation
from .writer import Writer, part_of


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
    question, slot = writer.rng.choice(part_of(options, writer.instructions, 2))
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
    return passages_of(writer, sentences), questions, unanswerable


def passages_of(writer: Writer, sentences: list[str]) -> str:
    """One paragraph most often, else a sentence a line or passages under their files, as a prompt node writes what a retriever found."""
    match writer.rng.choices(["paragraph", "lines", "passages"], [7, 1, 2])[0]:
        case "paragraph": return " ".join(sentences)
        case "lines": return "\n".join(sentences)
    count = min(len(sentences), writer.between(1, 2))
    return "\n\n".join(f"[{writer.token().replace(' ', '')}.{writer.rng.choice(['md', 'txt'])}]\n{' '.join(sentences[place::count])}" for place in range(count))


ANSWER = {
    "en": ["Context: {context}\nQuestion: {question}[|\nAnswer:]", "{context}\n{question}", "[Text|Context]:\n{context}\n{question}",
           "Answer [the question |]from the [text|context].\n{context}\nQuestion: {question}", "Question: {question}\nContext: {context}",
           "[Document|Passage]: {context}\n[Question|Q]: {question}", "[Question|Q]: {question}\n[Text|Passage]:[ |\n]{context}[|\nAnswer:]",
           "[Text|Documents|Context]:\n{context}\n[Question|Q]: {question}[|\nAnswer:]", "{question}\n{context}", "[Read|Look at] the [context|passage].\n{context}\n[Question: |]{question}", "Use the [text|passage|document] to answer.\n{context}\n{question}",
           "Read the text and answer.\nText: {context}\nQuestion: {question}", "Text: {context}\nAnswer the question: {question}"],
    "ko": ["문맥: {context}\n질문: {question}[|\n답:]", "{context}\n{question}", "[글|문맥]:\n{context}\n{question}",
           "[글을|문맥을] [읽고|보고] 답하세요.\n{context}\n질문: {question}", "질문: {question}\n문맥: {context}",
           "[문서|자료]: {context}\n[질문|물음]: {question}", "[질문|물음]: {question}\n[글|자료]:[ |\n]{context}[|\n답:]",
           "[글|문서|문맥]:\n{context}\n[질문|물음]: {question}[|\n답:]", "{question}\n{context}", "[글을|자료를] 보세요.\n{context}\n[질문: |]{question}", "[글에서|자료에서] 답을 찾으세요.\n{context}\n{question}",
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
    """A field of extracted JSON: how its value is drawn, its key and the clauses that tell it. The last quarter of the clauses is held out."""

    value: str
    key: dict[str, list[str]]
    told: dict[str, list[str]]


FIELDS = [
    Field("full_name", dict(en=["name"], ko=["이름"]),
          dict(en=["{value} is what people call me.", "{value} is the customer.", "Full name: {value}.",
                   "My name is {value}.", "I am {value}.", "This is {value}.", "{value} here.", "{value} is my [full |]name.", "[Name|Customer]: {value}.",
                   "The name [of the customer |]is {value}.", "[You can|Please] call me {value}.", "The customer is [called|named] {value}.",
                   "Name - {value}.", "name = {value}.", "[I am called|People call me] {value}.", "My full name is {value}.",
                   "{value} is the name of the customer.", "Customer name: {value}.", "The customer is {value}."],
               ko=["고객 - {value}.", "{value}(이/가) 제 성함입니다.", "고객의 이름: {value}.",
                   "제 이름은 {value}입니다.", "저는 {value}입니다.", "이름: {value}.", "{value}라고 합니다.", "{value}(이/가) [제|고객의] 이름입니다.", "[고객|고객의] 이름은 {value}입니다.",
                   "이름 - {value}.", "이름 = {value}.", "고객은 {value} [님입니다|씨입니다].", "{value} 님의 [글입니다|메시지입니다].", "[성함은|제 성함은] {value}입니다.", "[성함|고객]: {value}.",
                   "고객 이름: {value}.", "고객 성함: {value}.", "성함 - {value}.", "고객의 성함은 {value}입니다."])),
    Field("age", dict(en=["age"], ko=["나이"]),
          dict(en=["{value} is how old I am.", "The customer just turned {value}.", "The age: {value}.",
                   "I am {value} years old.", "My age is {value}.", "Age: {value}.", "I turned {value}.", "{value} is my age.",
                   "The customer is {value} years old.", "age = {value}", "I am {value} years of age.", "The age [of the customer |]is {value}.",
                   "I [have |]just turned {value}.", "Age - {value}.", "{value} years old.", "{value} is the age of the customer.",
                   "The customer turned {value}.", "My age: {value}.", "The customer is {value} years of age."],
               ko=["{value}살이 고객의 나이입니다.", "고객 나이: {value}.", "저는 만 {value}세입니다.",
                   "나이는 {value}살입니다.", "{value}살입니다.", "나이: {value}.", "올해 {value}살이 되었습니다.", "[제|고객의|고객] 나이는 {value}살입니다.", "{value}살이 제 나이입니다.",
                   "나이 - {value}[|살].", "나이 = {value}", "저는 [올해 |]{value}살입니다.", "고객은 [만 |]{value}세입니다.", "[연령|나이]: 만 {value}세.", "이제 {value}살이 [됩니다|되었습니다].",
                   "연령 - {value}.", "고객은 올해 {value}살입니다.", "제 나이는 만 {value}세입니다.", "저는 이제 {value}살입니다."])),
    Field("city", dict(en=["city", "town"], ko=["도시"]),
          dict(en=["{value} is where the customer lives.", "{value} is the [city|town] of the customer.", "Home - {value}.",
                   "I live in {value}.", "I am from {value}.", "City: {value}.", "My home is in {value}.", "[From|In] {value}.",
                   "{value} is [my city|my town|where I live].", "[My|Our|The] [city|town] is {value}.",
                   "The customer [lives in|is from|comes from] {value}.", "City - {value}.", "city = {value}.", "Town: {value}.",
                   "[We live in|We are from] {value}[| now].", "I live in the [city|town] of {value}.", "{value} is where we live.",
                   "The home of the customer is in {value}.", "Town - {value}."],
               ko=["{value}(이/가) 사는 도시입니다.", "저희는 {value} 사람입니다.", "고객은 {value}에서 왔습니다.",
                   "{value}에 삽니다.", "집은 {value}에 있습니다.", "도시: {value}.", "사는 곳은 {value}입니다.", "[저는|저희는|고객은] {value}에 [살고 있습니다|삽니다].", "{value}에서 [왔습니다|삽니다].",
                   "[제|저희|고객의] 집은 {value}입니다.", "{value}(이/가) [제|저희] 도시입니다.", "도시 - {value}.", "도시 = {value}.", "[사는 곳|집|사는 도시]: {value}.",
                   "[{value} 사람입니다|도시는 {value}입니다].", "사는 도시는 {value}입니다.", "집 - {value}.", "고객은 {value} 사람입니다.", "저는 {value}에서 왔습니다."])),
    Field("job", dict(en=["job", "role"], ko=["직업"]),
          dict(en=["{value} is what I work as.", "{value} is the role of the customer.", "The role of the customer is {value}.",
                   "I work as a {value}.", "My job is {value}.", "I am a {value}.", "I earn my money as a {value}.", "Job: {value}.",
                   "[The|My] role is {value}.", "{value} is my [job|role|work].", "The customer [is|works as] a {value}.", "job = {value}.",
                   "[Role|Work] - {value}.", "[I have a job|I have worked] as a {value}.", "As a {value} I [work|earn my money].",
                   "The job of the customer is {value}.", "Role: {value}.", "I have work as a {value}.", "{value} is the job of the customer."],
               ko=["{value}(이/가) 하는 일입니다.", "고객의 일은 {value}입니다.", "{value} 일이 제 직업입니다.",
                   "직업은 {value}입니다.", "{value}(으로/로) 일합니다.", "직업: {value}.", "하는 일은 {value}입니다.", "[저는|고객은] {value}(으로/로) [일하고 있습니다|일합니다].",
                   "[제|고객의] 직업은 {value}입니다.", "{value}(이/가) [제|고객의] 직업입니다.", "직업 - {value}.", "직업 = {value}.", "[하는 일|일]: {value}.",
                   "{value} 일을 [합니다|하고 있습니다].", "[제가|고객이] 하는 일은 {value}입니다.", "하는 일 - {value}.", "고객은 {value} 일을 합니다.", "{value}(은/는) 제 직업입니다.",
                   "저는 {value} 일을 하고 있습니다."])),
    Field("code", dict(en=["order", "order_id"], ko=["주문"]),
          dict(en=["{value} is the order of the customer.", "The number of my order: {value}.", "{value} is the order that I write about.",
                   "My order is {value}.", "The order number is {value}.", "Order {value}.", "It is about order {value}.", "Order: {value}.",
                   "Order number: {value}.", "{value} is [my order|the order number].", "[I|We] write about order {value}.", "order = {value}",
                   "Please [check|look at] order {value}.", "[I have a|A] question about order {value}.", "Order {value} is [late|not here|mine].",
                   "My order number is {value}.", "{value} is the number of my order.", "We have a question about order {value}.", "Order - {value}."],
               ko=["고객의 주문 번호: {value}.", "{value}(은/는) 제 주문입니다.", "주문 {value} 때문에 묻습니다.",
                   "주문 번호는 {value}입니다.", "주문은 {value}입니다.", "주문: {value}.", "주문 {value} 때문에 씁니다.", "[제|저희|고객의] 주문은 {value}입니다.", "주문 번호: {value}.",
                   "{value}(이/가) [제|고객의] 주문 번호입니다.", "주문 - {value}.", "주문 = {value}", "주문 {value}(을/를) [확인해|봐|찾아] 주세요.",
                   "주문 {value}에 대해 [씁니다|묻습니다|질문이 있습니다].", "{value}번 주문입니다.", "주문 번호 - {value}.", "제 주문 번호는 {value}입니다.", "주문 {value} 때문에 질문이 있습니다.",
                   "{value}(은/는) 고객의 주문 번호입니다."])),
    Field("thing", dict(en=["item", "product"], ko=["물건", "제품"]),
          dict(en=["The {value} is what we [need|want].", "My product is the {value}.", "The {value} is the item of the customer.",
                   "I want the {value}.", "I bought the {value}.", "Item: {value}.", "It is about the {value}.", "[Product|Item] - {value}.",
                   "The [item|product] is [the|a] {value}.", "The {value} is [the item|the product|what I want|what I bought].",
                   "The customer [wants|bought|needs] [a|the] {value}.", "item = {value}.", "[We want|We need|I need] a {value}.",
                   "[Please send|Send] me [a|the] {value}.", "I [have a question|write] about the {value}.", "Product: {value}.", "We bought the {value}.",
                   "My item is the {value}.", "The {value} is what the customer wants."],
               ko=["{value}(은/는) 제가 산 물건입니다.", "저희는 {value}에 대해 묻습니다.", "원하는 제품: {value}.",
                   "{value}(을/를) 원합니다.", "{value}(을/를) 샀습니다.", "물건: {value}.", "{value}에 대한 것입니다.", "[저는|고객은|저희는] {value}(을/를) [원합니다|샀습니다|찾습니다].",
                   "[물건은|제품은] {value}입니다.", "{value}(이/가) [필요합니다|갖고 싶은 물건입니다].", "제품: {value}.", "[물건|제품] = {value}.", "{value}(을/를) [보내|찾아] 주세요.",
                   "[제가|고객이] [산|원하는] [물건은|제품은] {value}입니다.", "{value}에 대해 [묻습니다|질문이 있습니다].", "제품 - {value}.", "{value}(이/가) 고객이 원하는 물건입니다.",
                   "저는 {value}(이/가) 필요합니다.", "{value}에 대한 질문이 있습니다."])),
    Field("number", dict(en=["quantity", "count"], ko=["수량"]),
          dict(en=["{value} is how many I need.", "{value} pieces is what we need.", "The number of pieces is {value}.",
                   "I need {value} of them.", "The quantity is {value}.", "Quantity: {value}.", "There are {value} of them.",
                   "[Count|Number of pieces]: {value}.", "{value} [pieces|of them], please.", "{value} is the [quantity|count].",
                   "The customer [wants|needs] {value} [pieces|of them].", "quantity = {value}", "[I want|We need|We want] {value} pieces.",
                   "[Please send|Send] {value} [pieces|of them].", "[It is|That makes] {value} pieces[| in all].", "The count is {value}.",
                   "There are {value} pieces.", "Quantity - {value}.", "We want {value} of them[| in all]."],
               ko=["{value}개를 고객이 원합니다.", "수 - {value}[|개].", "고객의 수량은 {value}개입니다.",
                   "{value}개가 필요합니다.", "수량은 {value}개입니다.", "수량: {value}.", "모두 {value}개입니다.", "[저는|고객은|저희는] {value}개가 필요합니다.",
                   "{value}개를 [보내 주세요|원합니다|샀습니다].", "수량 - {value}[|개].", "수량 = {value}", "[개수는|수는] {value}개입니다.", "[모두|다 합쳐] {value}개를 [원합니다|주문합니다].",
                   "{value}개가 [수량입니다|있습니다].", "개수: {value}[|개].", "모두 {value}개가 필요합니다.", "고객은 {value}개를 원합니다.", "개수 - {value}.", "저희는 모두 {value}개를 주문합니다."])),
    Field("day", dict(en=["day", "date"], ko=["요일"]),
          dict(en=["{value} is when I can come.", "{value} should be the day.", "The date is {value}.",
                   "Please come on {value}.", "The day is {value}.", "Day: {value}.", "It should be {value}.", "On {value}[|, please].",
                   "[We meet|I come|I can come] on {value}.", "{value} is [the day|fine|good for me].", "The customer [comes|can come] on {value}.",
                   "day = {value}.", "[Date|Day] - {value}.", "I hope you [can come|are here] on {value}.", "[It is on|The date should be] {value}.",
                   "Please meet me on {value}.", "{value} is the date.", "We can come on {value}.", "Date: {value}."],
               ko=["{value}(이/가) 오는 날입니다.", "만남은 {value}이면 좋습니다.", "고객은 {value}이면 좋습니다.",
                   "{value}에 와 주세요.", "{value}에 만납시다.", "요일: {value}.", "{value}이면 좋겠습니다.", "[저는|고객은|저희는] {value}에 [갑니다|올 수 있습니다|갈 수 있습니다].",
                   "요일은 {value}입니다.", "{value}(이/가) [좋습니다|좋은 요일입니다].", "[요일|날] - {value}.", "요일 = {value}.", "{value}에 [보내 주세요|만나고 싶습니다|뵙겠습니다].",
                   "[오는|만나는] [날은|요일은] {value}입니다.", "[약속은|만남은] {value}입니다.", "날: {value}.", "{value}에 갈 수 있습니다.", "{value}(이/가) 만나는 요일입니다.",
                   "약속은 {value}이면 좋겠습니다."])),
]
EXTRACT = {
    "en": ["Extract {fields} as JSON[.|:]\n{text}", "{text}\n[Extract|Return|Give] {fields} as JSON.", "Text: {text}\nJSON with {fields}:",
           "[Give|Return|Write] [a|the] JSON [object |]with {fields}[.|:]\n{text}", "Message: {text}\n[Extract|Pull out] {fields} as JSON.",
           "[Text|Message|Note]:[ |\n]{text}\n[JSON|Fields] ({fields}):", "[Fields|Keys]: {fields}\n[Text|Message]:[ |\n]{text}[|\nJSON:]",
           "[Extract|Find|Return] [the fields |]{fields} from the [text|message] as JSON[.|:]\n{text}", "{text}\n[As JSON|JSON] with {fields}[.|:]",
           "Text: {text}\nExtract {fields} as JSON.", "Return JSON with {fields}.\nText: {text}"],
    "ko": ["{fields}(을/를) JSON으로 [뽑으세요|쓰세요][.|:]\n{text}", "{text}\n{fields}(을/를) JSON으로 [뽑으세요|쓰세요].", "글: {text}\nJSON ({fields}):",
           "[다음 글에서|글에서] {fields}(을/를) JSON으로 뽑으세요[.|:]\n{text}", "메시지: {text}\n{fields}(을/를) JSON으로 뽑으세요.",
           "[글|메시지|메모]:[ |\n]{text}\n[JSON|항목] ({fields}):", "[항목|키]: {fields}\n[글|메시지]:[ |\n]{text}[|\nJSON:]",
           "[글에서|메시지에서] {fields}(을/를) 찾아 JSON으로 쓰세요[.|:]\n{text}", "{text}\n[JSON으로|JSON]: {fields}",
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
