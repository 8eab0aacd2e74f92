"""Copying: the words, codes and sentences of every other task, said again letter by letter."""
from __future__ import annotations

from .copying import Turns
from .label_texts import SENTIMENTS, TICKETS, TOPICS, URGENCIES
from .labelling import TOPIC_SENTENCES, content
from .reading import FIELDS, draw_facts, field_value, tell
from .relations import RELATIONS
from .writer import Writer

COPY = {
    "en": ["[Please repeat|Repeat][| exactly]: {text}", "[Repeat|Copy] [this|the] [text|line|sentence][| exactly]:[ |\n]{text}",
           "[Say|Write] [this|the text] again: {text}", "{text}\n[Repeat|Copy] the text above.",
           "[Repeat the following|Copy the following|Echo this]:[ |\n]{text}", "Text: {text}\n[Copy|Repeat] it.",
           "[Copy|Repeat|Write down] the following [text|words|sentence][| exactly]:[ |\n]{text}", "[Copy|Repeat|Echo]:[ |\n]{text}",
           "{text}\n[Please copy this|Please repeat this|Write the text again|Repeat it|Copy this text].", "[Line|Message|Words]: {text}\nWrite it [again|down].",
           "Please copy the following line: {text}", "{text}\nWrite this text again."],
    "ko": ["[그대로 |]반복하세요: {text}", "[다음|이] [문장|글|내용]을 [그대로 |똑같이 |][반복하세요|쓰세요|따라 쓰세요]:[ |\n]{text}",
           "[따라 쓰기|복사|반복]: {text}", "{text}\n위 [글|문장]을 [그대로 |][반복하세요|복사하세요].",
           "[다음을|이것을] [복사하세요|다시 쓰세요]:[ |\n]{text}", "글: {text}\n[그대로 쓰세요|복사하세요].",
           "다음 [단어를|줄을|말을] [똑같이|그대로] [복사하세요|쓰세요]:[ |\n]{text}", "[똑같이 쓰세요|그대로 쓰세요|복사하세요|다시 쓰세요]:[ |\n]{text}",
           "{text}\n[위 글을 다시 쓰세요.|이 글을 똑같이 쓰세요.|그대로 쓰세요.|이 문장을 복사하세요.]", "[문장|메시지|줄]: {text}\n[다시|똑같이] 쓰세요.",
           "다음 글을 똑같이 복사하세요: {text}", "{text}\n이 문장을 다시 쓰세요."],
}
SENTENCES = {
    "en": ["{name} starts on {day} at {clock}.", "I asked {name} about the {event} in {city}.", "The {event} about the {thing} is in the {place}.",
           "The {thing} is in the {place}.", "{name} has a {thing}.", "We meet {name} on {day}.", "{name} lives in {city}.", "It is {clock} in {city}.",
           "Please bring the {thing} to the {place}.", "The {event} of {name} was on {day}.", "[Call|Ask] {name} [before|after] {clock}.",
           "I [saw|found|sold] {number} of them in the {place}.", "[Is|Was] the {event} in {city}?", "{name} and I [bought|need] a new {thing}.",
           "The {thing} of {name} costs {number} dollars.", "On {day} we go to {city}.", "{city} is far, but {name} likes it.", "Order {code} is for {name}.",
           "Take the {code} form to {name} at {clock}.", "Do not forget the {thing} and the {event}!", "[My|Our|Your] {thing} has the code {code}.",
           "Please call {name} about the {thing}.", "The {event} starts at {clock}.", "I bought {number} of them in {city}.", "{name} needs the {thing} on {day}.",
           "Is the {thing} of {name} in the {place}?", "The code {code} is for the {event}."],
    "ko": ["{event} 때문에 {day}에 {city}에 갑니다.", "{thing} 때문에 {place}(으로/로) 가세요.", "{event}(은/는) {place}에서 시작합니다.",
           "{thing}(은/는) {place}에 있습니다.", "{name}에게 {thing}(이/가) 있습니다.", "{day}에 {name}(을/를) 만납니다.", "{name}(은/는) {city}에 삽니다.",
           "{city}(은/는) 지금 {clock}입니다.", "{thing}(을/를) {place}(으로/로) 가져오세요.", "{name}의 {event}(은/는) {day}에 있었습니다.",
           "{clock} [전에|후에] {name}에게 [전화하세요|물어보세요].", "{place}에서 {number}개를 [보았습니다|찾았습니다|팔았습니다].", "{event}(은/는) {city}에서 합니까?",
           "{name}(과/와) 저는 새 {thing}(이/가) 필요합니다.", "{name}의 {thing}(은/는) {number}원입니다.", "{day}에 {city}에 갑니다.",
           "{city}(은/는) 멀지만 {name}(은/는) 좋아합니다.", "주문 {code}(은/는) {name}의 것입니다.", "안녕하세요, {clock}까지 {code} 서류를 {name}에게 주세요.",
           "{thing}(과/와) {event}(을/를) 잊지 마세요!", "[제|우리] {thing}의 코드는 {code}입니다.", "{thing} 때문에 {name}에게 전화해 주세요.",
           "{event}(은/는) {clock}에 시작합니다.", "안녕하세요, {name}입니다.", "{name}(은/는) {day}에 {thing}(이/가) 필요합니다.",
           "{name}의 {thing}(은/는) {place}에 있습니까?", "코드 {code}(은/는) {event}의 것입니다."],
}




def own_sentence(writer: Writer) -> str:
    return writer.tell(SENTENCES[writer.language], thing=writer.thing(), place=writer.from_list("places"), name=writer.name(),
                       day=writer.from_list("days"), city=writer.city(), clock=writer.clock(), event=writer.from_list("events"),
                       number=writer.between(2, 99), code=writer.code())


def labelled_sentence(writer: Writer) -> str:
    return content(writer, writer.rng.choice(writer.rng.choice([TICKETS, TICKETS, SENTIMENTS, URGENCIES])[writer.language]))


def topic_sentence(writer: Writer) -> str:
    word, other = writer.rng.sample(writer.rng.choice(list(TOPICS[writer.language].values())), 2)
    return writer.tell(TOPIC_SENTENCES[writer.language], word=word, other=other, name=writer.name(), day=writer.from_list("days"))


def told_fact(writer: Writer) -> str:
    relation = writer.rng.choice(RELATIONS)
    return tell(writer, relation, draw_facts(writer, relation, 1)[0])


def told_field(writer: Writer) -> str:
    field = writer.rng.choice(FIELDS)
    return writer.tell(field.told[writer.language], value=field_value(writer, field.value))


def sentence(writer: Writer) -> str:
    """A sentence of any list: a word that another task reads and that copying never wrote is copied wrong."""
    return writer.rng.choice([own_sentence, labelled_sentence, topic_sentence, told_fact, told_field])(writer)


def copy_text(writer: Writer) -> Turns:
    """Words without order, one or two sentences, or the words of sentences in any order, which nothing but copying gets right."""
    match writer.rng.choices(["words", "sentences", "shuffled"], [5, 4, 1])[0]:
        case "sentences":
            text = " ".join(sentence(writer) for _ in range(writer.between(1, 2)))
        case "shuffled":
            mixed = sentence(writer).split()
            writer.rng.shuffle(mixed)
            text = " ".join(mixed)
        case _:
            words = [writer.token() for _ in range(writer.between(1, 6))]
            if writer.chance(0.1):
                words.insert(writer.between(0, len(words)), writer.rng.choice(words))  # a word that stands twice
            text = " ".join(words)
    return [(writer.instruct(COPY, text=text), text)]
