"""Text survives the tokenizer byte for byte."""
from __future__ import annotations

import random

import pytest
from tokenizers import Tokenizer

from tiny.tasks import draw_example
from tiny.tokenizer import CHAT_TEMPLATE, SPECIAL_TOKENS
from tiny.words import KOREAN_SYLLABLES

TEXTS = ["", "The lamp costs 40 dollars.", "  two  spaces\n\n\tand a tab ", "램프는 40원입니다.", "뷁쉛 ㅋㅋㅋ 한글", "😀👩‍👩‍👧 ✓ \u200b", "où, größer, señor", "日本語 русский العربية",
         '{"이름": "오영희", "order": "JS-171"}', "\x00\x7f\u00a0", "Q: a\r\nA: b"]


@pytest.mark.parametrize("text", TEXTS)
def test_text_comes_back_as_it_went_in(tokenizer: Tokenizer, text: str) -> None:
    assert tokenizer.decode(tokenizer.encode(text, add_special_tokens=False).ids) == text


def test_examples_come_back_as_they_went_in(tokenizer: Tokenizer) -> None:
    rng = random.Random(5)
    for text in [part for _ in range(300) for turn in draw_example(rng, 1.0) for part in turn]:
        assert tokenizer.decode(tokenizer.encode(text, add_special_tokens=False).ids) == text


def test_special_tokens_are_single_and_come_first(tokenizer: Tokenizer) -> None:
    assert [tokenizer.encode(token, add_special_tokens=False).ids for token in SPECIAL_TOKENS] == [[0], [1], [2]]


def test_a_korean_syllable_is_one_token(tokenizer: Tokenizer) -> None:
    assert all(len(tokenizer.encode(syllable, add_special_tokens=False).ids) == 1 for syllable in KOREAN_SYLLABLES)


def test_a_word_keeps_its_tokens_wherever_it_stands(tokenizer: Tokenizer) -> None:
    def inside(text: str) -> list[int]:
        return tokenizer.encode(text, add_special_tokens=False).ids

    for word in ("bako", "Vandrox", "quimxeen"):
        assert inside(f" {word}")[-len(inside(word)):] == inside(word)


def test_the_vocabulary_has_its_size_and_no_gap(tokenizer: Tokenizer) -> None:
    assert sorted(tokenizer.get_vocab().values()) == list(range(1_664))


def test_the_chat_template_ends_turns_with_the_end_token() -> None:
    assert SPECIAL_TOKENS[2] in CHAT_TEMPLATE and SPECIAL_TOKENS[1] in CHAT_TEMPLATE
