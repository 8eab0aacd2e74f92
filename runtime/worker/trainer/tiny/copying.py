"""Tasks answered by moving text around: pick an item, look up a key, fill a template, sort, add.

A task is a function from a Writer to turns of (what the user says, what the assistant answers). "[a|b]" in a
wording stands for either; the last two wordings of each list are never used in training.
"""
from __future__ import annotations

from .words import belongs_to
from .writer import Writer

Turns = list[tuple[str, str]]

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
