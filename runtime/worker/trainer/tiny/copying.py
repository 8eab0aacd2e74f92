"""Tasks answered by moving text around: copy, pick an item, look up a key, fill a template, sort, add.

A task is a function from a Writer to turns of (what the user says, what the assistant answers). "[a|b]" in a
wording stands for either; the last two wordings of each list are never used in training.
"""
from __future__ import annotations

from .words import belongs_to
from .writer import Writer

Turns = list[tuple[str, str]]

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
    "en": ["The {thing} is in the {place}.", "{name} has a {thing}.", "We meet {name} on {day}.", "{name} lives in {city}.", "It is {clock} in {city}.",
           "Please bring the {thing} to the {place}.", "The {event} of {name} was on {day}.", "[Call|Ask] {name} [before|after] {clock}.",
           "I [saw|found|sold] {number} of them in the {place}.", "[Is|Was] the {event} in {city}?", "{name} and I [bought|need] a new {thing}.",
           "The {thing} of {name} costs {number} dollars.", "On {day} we go to {city}.", "{city} is far, but {name} likes it.", "Order {code} is for {name}.",
           "Take the {code} form to {name} at {clock}.", "Do not forget the {thing} and the {event}!", "[My|Our|Your] {thing} has the code {code}.",
           "Please call {name} about the {thing}.", "The {event} starts at {clock}.", "I bought {number} of them in {city}.", "{name} needs the {thing} on {day}.",
           "Is the {thing} of {name} in the {place}?", "The code {code} is for the {event}."],
    "ko": ["{thing}(은/는) {place}에 있습니다.", "{name}에게 {thing}(이/가) 있습니다.", "{day}에 {name}(을/를) 만납니다.", "{name}(은/는) {city}에 삽니다.",
           "{city}(은/는) 지금 {clock}입니다.", "{thing}(을/를) {place}(으로/로) 가져오세요.", "{name}의 {event}(은/는) {day}에 있었습니다.",
           "{clock} [전에|후에] {name}에게 [전화하세요|물어보세요].", "{place}에서 {number}개를 [보았습니다|찾았습니다|팔았습니다].", "{event}(은/는) {city}에서 합니까?",
           "{name}(과/와) 저는 새 {thing}(이/가) 필요합니다.", "{name}의 {thing}(은/는) {number}원입니다.", "{day}에 {city}에 갑니다.",
           "{city}(은/는) 멀지만 {name}(은/는) 좋아합니다.", "주문 {code}(은/는) {name}의 것입니다.", "안녕하세요, {clock}까지 {code} 서류를 {name}에게 주세요.",
           "{thing}(과/와) {event}(을/를) 잊지 마세요!", "[제|우리] {thing}의 코드는 {code}입니다.", "{thing} 때문에 {name}에게 전화해 주세요.",
           "{event}(은/는) {clock}에 시작합니다.", "안녕하세요, {name}입니다.", "{name}(은/는) {day}에 {thing}(이/가) 필요합니다.",
           "{name}의 {thing}(은/는) {place}에 있습니까?", "코드 {code}(은/는) {event}의 것입니다."],
}


def sentence(writer: Writer) -> str:
    return writer.tell(SENTENCES[writer.language], thing=writer.thing(), place=writer.from_list("places"), name=writer.name(),
                       day=writer.from_list("days"), city=writer.city(), clock=writer.clock(), event=writer.from_list("events"),
                       number=writer.between(2, 99), code=writer.code())


def copy_text(writer: Writer) -> Turns:
    if writer.chance(0.3):
        text = " ".join(sentence(writer) for _ in range(writer.between(1, 2)))
    else:
        words = [writer.token() for _ in range(writer.between(1, 6))]
        if writer.chance(0.1):
            words.insert(writer.between(0, len(words)), writer.rng.choice(words))  # a word that stands twice
        text = " ".join(words)
    return [(writer.instruct(COPY, text=text), text)]


ORDINALS = {"en": ["first", "second", "third", "last"], "ko": ["첫 번째", "두 번째", "세 번째", "마지막"]}
PICK = {
    "en": ["[Give|Return|Write] the {which} item[| of the list]:[ |\n]{items}", "What is the {which} item?[ |\n]{items}",
           "{items}\n[What is the {which} item?|Give the {which} item.]", "List: {items}\n[Pick|Return] the {which} [item|one].",
           "Items: {items}\n[Which one is|What is] the {which}?", "[The {which} item|Only the {which} one]: {items}",
           "Which item is {which}?\n{items}", "Items: {items}\nWrite the {which} one."],
    "ko": ["{which} 항목을 [쓰세요|고르세요|말하세요]:[ |\n]{items}", "{which} [항목은|것은] 무엇입니까?[ |\n]{items}",
           "{items}\n{which} [항목은 무엇입니까?|항목을 고르세요.]", "목록: {items}\n{which} [항목|것]을 쓰세요.",
           "항목: {items}\n{which}[|는] 무엇입니까?", "[{which} 항목|{which} 것만]: {items}",
           "다음 목록에서 {which} 항목을 쓰세요.\n{items}", "항목: {items}\n{which} 것은 무엇입니까?"],
}


def list_text(writer: Writer, items: list[str]) -> str:
    numbered = "\n".join(f"{place}. {item}" for place, item in enumerate(items, 1))
    return writer.rng.choice([", ".join(items), ", ".join(items), "; ".join(items), "\n".join("- " + item for item in items), numbered])


def pick_item(writer: Writer) -> Turns:
    items = writer.distinct(writer.token, writer.between(3, 6))
    which = writer.between(0, 3)
    prompt = writer.instruct(PICK, which=ORDINALS[writer.language][which], items=list_text(writer, items))
    return [(prompt, items[-1 if which == 3 else which])]


NOT_FOUND = {"en": "not found", "ko": "없음"}
YES_NO = {"en": ("yes", "no"), "ko": ("예", "아니오")}
LOOK_UP = {
    "en": ["Context: {table}\nQuestion: [|What is ]{key}[|?]", "[Context|Data|Table]:\n{table}\n[Question|Key]: {key}",
           "{table}\n[What is|Give|Look up] the value [of|for] {key}[.|?]", "[Look up|Find] {key}[:| in the table.]\n{table}",
           "[Key|Question]: {key}\n[Context|Table|Data]:[ |\n]{table}", "[Documents|Notes|Passage]:\n{table}\n[Question|Key|Asked]: {key}[|?]",
           "Use the [table|list|data].\n{table}\nWhat is {key}?", "[What does the table say for|Which value has|Give the value of] {key}?[ |\n]{table}", "{table}\n[What is|Find|Look up] {key}[?|.]", "[Table|List]: {table}\n{key}?",
           "{table}\nFind the value of {key}.", "Data: {table}\nLook up {key}."],
    "ko": ["문맥: {table}\n질문: {key}[|(은/는)?|의 값은?]", "[문맥|자료|표]:\n{table}\n[질문|키]: {key}",
           "{table}\n{key}의 값[은 무엇입니까?|을 쓰세요.|을 찾으세요.]", "[표에서|다음에서] {key}[(을/를) 찾으세요|의 값을 찾으세요]:\n{table}",
           "[키|질문]: {key}\n[문맥|표|자료]:[ |\n]{table}", "[문서|메모|글]:\n{table}\n[질문|키|물음]: {key}[|(은/는)?]",
           "[표|목록|자료]를 보세요.\n{table}\n{key}(은/는) 무엇입니까?", "[표에서|목록에서] {key}의 값[은 무엇입니까?|을 쓰세요.|을 알려 주세요.][ |\n]{table}", "{table}\n{key}[(을/를) 찾으세요.|(은/는)?]", "[표|목록]: {table}\n{key}(은/는)?",
           "{table}\n표에서 {key}의 값은?", "자료: {table}\n{key}(을/를) 찾으세요."],
}
NEXT_LOOK_UP = {"en": ["{key}?", "Question: {key}", "And {key}?", "What is {key}?"], "ko": ["{key}(은/는)?", "질문: {key}", "그럼 {key}의 값은?", "{key}(은/는) 무엇입니까?"]}


def passages_text(writer: Writer, pairs: list[tuple[str, str]]) -> str:
    """Lines "key: value" in one to three passages, as a prompt node writes what a retriever found: "[file]", text, an empty line."""
    count = min(len(pairs), writer.between(1, 3))
    titled = writer.chance(0.3)
    passages = []
    for place in range(count):
        title = f"# {writer.thing().capitalize()}\n\n" if titled else ""
        lines = "\n".join(f"{key}: {value}" for key, value in pairs[place::count])
        passages.append(f"[{writer.token().replace(' ', '')}.{writer.rng.choice(['md', 'txt'])}]\n{title}{lines}")
    return "\n\n".join(passages)


def table_text(writer: Writer, pairs: list[tuple[str, str]]) -> str:
    joined = {
        "passages": lambda: passages_text(writer, pairs),
        "equals": lambda: "; ".join(f"{key} = {value}" for key, value in pairs),
        "colons": lambda: ", ".join(f"{key}: {value}" for key, value in pairs),
        "lines": lambda: "\n".join(f"{key}: {value}" for key, value in pairs),
        "bullets": lambda: "\n".join(f"- {key}: {value}" for key, value in pairs),
        "markdown": lambda: "\n".join(f"| {key} | {value} |" for key, value in pairs),
        "json": lambda: "{" + ", ".join(f'"{key}": "{value}"' for key, value in pairs) + "}",
        "questions": lambda: "\n".join(f"Q: {key}\nA: {value}" for key, value in pairs),
    }
    return joined[writer.rng.choice(list(joined))]()


def look_up(writer: Writer) -> Turns:
    size = writer.between(2, 3 if writer.easy() else 6)
    key = writer.rng.choice([writer.thing, writer.name, writer.invented, writer.code, writer.token])
    keys = writer.distinct(key, size + 1)
    absent = keys.pop()
    pairs = [(key, " ".join(writer.token() for _ in range(writer.rng.choice([1, 1, 1, 2])))) for key in keys]
    asked = writer.rng.sample(pairs, min(size, 3))
    if writer.chance(0.1):
        asked[0] = (absent, NOT_FOUND[writer.language])
    first_key, first_value = asked[0]
    turns = [(writer.instruct(LOOK_UP, table=table_text(writer, pairs), key=first_key), first_value)]
    return turns + [(writer.tell(NEXT_LOOK_UP[writer.language], key=key), value) for key, value in asked[1:]]


FORMS = {
    "en": ["Hello {a}, your {b} is ready.", "Dear {a}, we sent {b} to {c}.", "{a} will meet {b} in {c}.", "Order {a}: {b} for {c}.",
           "Hi {a}! The {b} starts on {c}.", "{a} bought {b} and {c}.", "Hello {a}!", "Thanks, {a}.", "To: {a}, From: {b}", "Room {a} is for {b}.", "{a} is {b}.",
           "{a}, please call {b}.", "The {a} from {b} costs {c}.", "{a} works with {b} at {c}.", "We found {a} near {b}.", "{a} / {b} / {c}", "Your {a}: {b}", "From {a} to {b} by {c}.",
           "Subject: {a}\nHello {b}, see you in {c}."],
    "ko": ["안녕하세요 {a}님, {b} 준비되었습니다.", "{a}님께 {b} 보냈습니다. 장소: {c}", "주문 {a}: {b}, 받는 사람 {c}.", "{a}님, {b} 시작은 {c}입니다.",
           "{a}님 안녕하세요.", "감사합니다, {a}님.", "받는 사람: {a}, 보내는 사람: {b}", "{a}번 방은 {b}님 방입니다.", "{a} 그리고 {b}, {c}.",
           "{a}님, {b}에게 전화해 주세요.", "{b}에서 온 {a}, 값은 {c}입니다.", "{a} / {b} / {c}", "고객님의 {a}: {b}", "{a}에서 {b}까지 {c}", "제목: {a}\n{b}님, {c}에서 만나요."],
}
EASY_FORMS = {"en": ["Hello {a}!", "Thanks, {a}.", "To: {a}", "Order {a}."], "ko": ["{a}님 안녕하세요.", "감사합니다, {a}님.", "받는 사람: {a}", "주문 {a}."]}
FILL = {
    "en": ["Fill [in |]the template[.|:]\n{form}\n{values}", "Template: {form}\n[Values: |]{values}",
           "{values}\n[Use the values to fill|Fill] [the|this] template: {form}", "Fill in this text with the values.\n{form}\n{values}",
           "Use the values: {values}\nTemplate: {form}", "Fill this template.\n{form}\nValues: {values}"],
    "ko": ["[틀|양식]을 채우세요[.|:]\n{form}\n{values}", "[틀|양식]: {form}\n[값: |]{values}",
           "{values}\n[이 값으로 |]다음 [틀|양식]을 채우세요: {form}", "값을 넣어 문장을 쓰세요.\n{form}\n{values}",
           "이 값을 넣으세요: {values}\n양식: {form}", "다음 양식을 채우세요.\n{form}\n값: {values}"],
}
SLOTS = {"en": "name item city code day place team unit".split(), "ko": "이름 물건 도시 코드 요일 장소 팀 부서".split()}


def fill_template(writer: Writer) -> Turns:
    form = writer.rng.choice(EASY_FORMS[writer.language] if writer.easy() or writer.chance(0.25) else FORMS[writer.language])
    answer, pairs = form, []
    for letter, slot in zip("abc", writer.rng.sample(SLOTS[writer.language], 3)):
        if "{" + letter + "}" in form:
            value = writer.token()
            form = form.replace("{" + letter + "}", "{" + slot + "}")
            answer = answer.replace("{" + letter + "}", value)
            pairs.append(f"{slot}{writer.rng.choice(['=', ': '])}{value}")
    writer.rng.shuffle(pairs)
    values = writer.rng.choice([", ", "\n"]).join(pairs)
    return [(writer.instruct(FILL, form="\0", values=values).replace("\0", form), answer)]


SORT = {
    "en": ["Sort [the|these] numbers[|, smallest first|, small to large]: {numbers}", "[Sort|Order] from small to large: {numbers}",
           "{numbers}\nSort [the|these] numbers.", "Sort[|, smallest first]:[ |\n]{numbers}", "[Smallest first|Small to large|In order]: {numbers}",
           "Numbers: {numbers}\n[Sort them|Put them in order|Order them].",
           "Order these numbers, smallest first: {numbers}", "Numbers: {numbers}\nSort small to large."],
    "ko": ["[다음 |]숫자를 [작은 순서로 |]정렬하세요: {numbers}", "[작은 순서로|작은 수부터] [정렬|쓰세요]: {numbers}", "{numbers}\n[이 |]숫자를 정렬하세요.",
           "정렬:[ |\n]{numbers}", "숫자: {numbers}\n[정렬하세요|순서대로 쓰세요].", "[작은 수부터|순서대로]: {numbers}",
           "숫자를 작은 수부터 쓰세요: {numbers}", "숫자: {numbers}\n작은 순서로 정렬하세요."],
}


def sort_numbers(writer: Writer) -> Turns:
    """The set itself is split, so that evaluation sorts sets that training never sorted."""
    count = 2 if writer.easy() else writer.between(2, 4)

    def drawn() -> list[str]:
        return [str(number) for number in writer.rng.sample(range(1, 100), count)]

    numbers = drawn()
    while belongs_to(" ".join(sorted(numbers, key=int))) != writer.split:
        numbers = drawn()
    return [(writer.instruct(SORT, numbers=", ".join(numbers)), ", ".join(sorted(numbers, key=int)))]


ADD = {
    "en": ["{left} + {right} =", "[Add|What is] {left} [and|+|plus] {right}[|?]", "[Compute|Calculate]: {left} + {right}",
           "What is the sum of {left} and {right}?", "Add: {left} + {right}", "Calculate {left} plus {right}."],
    "ko": ["{left} + {right} =", "{left} 더하기 {right}[은|은?|은 얼마입니까?]", "[계산|계산하세요]: {left} + {right}",
           "{left} 더하기 {right}의 합은[|?]", "더하기: {left} + {right}", "{left} + {right}는 얼마입니까?"],
}


def add_numbers(writer: Writer) -> Turns:
    """The pair itself is split, in either order, so that evaluation adds pairs that training never added."""
    most = 9 if writer.easy() else writer.rng.choice([20, 99, 99])

    def pair() -> str:
        return " ".join(map(str, sorted((writer.between(0, most), writer.between(0, most)))))

    left, right = writer.rng.sample(writer.of_this_split(pair).split(), 2)
    return [(writer.instruct(ADD, left=left, right=right), str(int(left) + int(right)))]
