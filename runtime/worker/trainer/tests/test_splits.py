"""Nothing that evaluation asks with may have been trained on."""
from __future__ import annotations

import itertools
import random
import re
from collections.abc import Iterator, Sequence

import pytest

from tiny import copying, label_texts, labelling, reading, relations, repeating, words
from tiny.tasks import LANGUAGES, TASKS, draw_for
from tiny.words import belongs_to
from tiny.writer import ALTERNATIVES, Writer, part_of

CODE = re.compile(r"(?<![A-Za-z0-9-])[A-Z]{1,3}-?\d{1,3}(?![A-Za-z0-9-])")


def texts_in(value: object) -> Iterator[str]:
    """Every string inside a module's lists, dictionaries and records."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for pair in value.items() for part in pair for text in texts_in(part))
    elif isinstance(value, list | tuple):
        yield from (text for part in value for text in texts_in(part))
    elif hasattr(value, "__dataclass_fields__"):
        yield from (text for part in vars(value).values() for text in texts_in(part))


def written_words() -> set[str]:
    """The lower-case English words that stand in the sources of the data, so that all others were invented."""
    modules = (copying, reading, relations, labelling, repeating, label_texts, words)
    texts = [text for module in modules for name, value in vars(module).items() if not name.startswith("__") for text in texts_in(value)]
    return {word.lower() for text in texts for word in re.findall(r"[A-Za-z]+", text)}


def draw(task: str, language: str, split: str, count: int, ease: float = 0.0) -> list[str]:
    rng = random.Random(f"{task} {language} {split} {ease}")
    return ["\n".join(part for turn in TASKS[task].write(Writer(rng, language, split, ease=ease)) for part in turn) for _ in range(count)]


@pytest.mark.parametrize("task", TASKS)
@pytest.mark.parametrize("ease", [0.0, 0.9])
def test_training_draws_no_held_out_word_or_code(task: str, ease: float) -> None:
    known = written_words()
    for text in draw(task, "en", "train", 150, ease):
        for word in re.findall(r"(?<![\w-])[A-Za-z]+(?![\w-])", text):
            stems = {word.lower(), word.lower().removesuffix("s")}  # "{c}s" makes plurals of invented things
            assert stems & known or any(belongs_to(stem) == "train" for stem in stems), f"{word!r} in {text!r}"
    for language in LANGUAGES:
        for text in draw(task, language, "train", 150, ease):
            assert [code for code in CODE.findall(text) if belongs_to(code) != "train"] == [], text


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_splits_share_no_invented_word(language: str) -> None:
    drawn = {split: {make() for writer in [Writer(random.Random(1), language, split)] for make in (writer.invented, writer.code) for _ in range(3_000)}
             for split in ("train", "held_out")}
    assert len(drawn["train"]) > 1_000 and len(drawn["held_out"]) > 300
    assert not drawn["train"] & drawn["held_out"]


def test_a_pair_to_add_is_held_out_in_both_orders_and_a_set_to_sort_in_every_order() -> None:
    seen = {split: (set(), set()) for split in ("train", "held_out")}
    for split, (pairs, sets) in seen.items():
        rng = random.Random(2)
        for _ in range(4_000):
            question, _ = draw_for("add_numbers", "en", split, rng)[0]
            pairs.add(frozenset(re.findall(r"\d+", question)))
            sets.add(draw_for("sort_numbers", "en", split, rng)[0][1])
    assert not seen["train"][0] & seen["held_out"][0]
    assert not seen["train"][1] & seen["held_out"][1]


def spelled_out(pattern: str) -> set[str]:
    """A wording in all its alternatives."""
    pieces = ALTERNATIVES.split(pattern)
    return {"".join(choice) for choice in itertools.product(*(piece.split("|") if place % 2 else [piece] for place, piece in enumerate(pieces)))}


INSTRUCTIONS = {name: value for module in (copying, reading, labelling, repeating) for name, value in vars(module).items()
                if isinstance(value, dict) and set(value) == set(LANGUAGES) and name not in {
                    "SENTENCES", "ORDINALS", "NOT_FOUND", "FORMS", "EASY_FORMS", "SLOTS", "YES_NO", "NEXT_LOOK_UP", "NEXT_QUESTION",
                    "TOPIC_SENTENCES", "TICKETS", "SENTIMENTS", "URGENCIES", "TOPICS"}}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", INSTRUCTIONS)
def test_no_wording_for_training_spells_out_a_held_out_one(name: str, language: str) -> None:
    wordings = INSTRUCTIONS[name][language]
    spelled = {split: {text for wording in part_of(wordings, split, 2) for text in spelled_out(wording)} for split in ("train", "held_out")}
    assert spelled["train"] and spelled["held_out"]
    assert not spelled["train"] & spelled["held_out"]


def test_every_task_is_covered_by_a_list_of_wordings() -> None:
    assert len(INSTRUCTIONS) == len(TASKS)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("task", TASKS)
def test_training_uses_no_sentence_of_the_held_out_part(task: str, language: str, monkeypatch: pytest.MonkeyPatch) -> None:
    used: dict[str, set[str]] = {"train": set(), "held_out": set()}
    fill = Writer.fill

    def recording(writer: Writer, pattern: str, /, **slots: object) -> str:
        used[writer.split].add(pattern)
        return fill(writer, pattern, **slots)

    monkeypatch.setattr(Writer, "fill", recording)
    for split in used:
        draw(task, language, split, 300)
    assert used["train"] and used["held_out"]
    assert not used["train"] & used["held_out"]


def told_lists(language: str) -> list[list[str]]:
    """Every list of content sentences that is divided between training and evaluation."""
    by_topic = [topic.sentences for topics in (label_texts.TICKETS, label_texts.SENTIMENTS, label_texts.URGENCIES) for topic in topics[language]]
    by_fact = [fact.told[language] for fact in (*relations.RELATIONS, *reading.FIELDS)]
    return [repeating.SENTENCES[language], labelling.TOPIC_SENTENCES[language], *by_topic, *by_fact]


def stems(sentences: Sequence[str]) -> set[str]:
    """The words that the sentences are written with, without what is joined to a slot; of a Korean one two syllables, for its endings vary."""
    written = [re.sub(r"\{\w+\}(\([^()]*/[^()]*\))?[가-힣]*", " ", pattern) for pattern in sentences]
    return {word.lower()[:2] if "가" <= word[0] <= "힣" else word.lower() for text in written for word in re.findall(r"[A-Za-z]+|[가-힣]{2,}", text)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_held_out_sentences_are_new_and_their_words_are_not(language: str) -> None:
    divided = [{split: part_of(told, split, max(1, len(told) // 4)) for split in ("train", "held_out")} for told in told_lists(language)]
    known = stems([sentence for parts in divided for sentence in parts["train"]])
    for parts in divided:
        assert stems(parts["held_out"]) - known == set()
        spelled = {split: {text for sentence in sentences for text in spelled_out(sentence)} for split, sentences in parts.items()}
        assert not spelled["train"] & spelled["held_out"]
