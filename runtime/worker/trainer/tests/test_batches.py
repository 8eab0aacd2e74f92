"""Examples packed into rows: nothing overflows, nothing is mixed up, and only answers are learned."""
from __future__ import annotations

import pytest
from tokenizers import Tokenizer

from tiny.batches import NOT_SCORED, PackedBatches, write_document
from tiny.tasks import chat_prompt

ROWS, LENGTH = 3, 160


@pytest.fixture
def batches(tokenizer: Tokenizer) -> PackedBatches:
    return PackedBatches(tokenizer, ROWS, LENGTH, seed=4)


def test_rows_hold_whole_documents_numbered_and_counted_from_zero(batches: PackedBatches) -> None:
    for step in range(20):
        batch = batches.next(step / 20)
        assert batch.tokens.shape == (ROWS, LENGTH)
        assert batch.used == int((batch.documents > 0).sum())
        for row in range(ROWS):
            numbers = batch.documents[row].tolist()
            used = sum(number > 0 for number in numbers)
            assert numbers == sorted(numbers[:used]) + [0] * (LENGTH - used)
            assert set(numbers[:used]) == set(range(1, max(numbers) + 1))
            for number in range(1, max(numbers) + 1):
                positions = batch.positions[row][batch.documents[row] == number].tolist()
                assert positions == list(range(len(positions)))
            assert (batch.targets[row, used:] == NOT_SCORED).all()


def test_rows_are_well_filled(batches: PackedBatches) -> None:
    filled = [batches.next(0.5).used for _ in range(20)]
    assert sum(filled) / (20 * ROWS * LENGTH) > 0.9


def test_a_target_is_the_next_token_of_its_own_document(batches: PackedBatches) -> None:
    scored = 0
    for _ in range(10):
        batch = batches.next(0.5)
        for row in range(ROWS):
            for place in range(LENGTH):
                target = int(batch.targets[row, place])
                if target != NOT_SCORED:
                    scored += 1
                    assert target == int(batch.tokens[row, place + 1])
                    assert batch.documents[row, place] == batch.documents[row, place + 1] > 0
    assert scored > 100


def test_targets_spell_the_answers_and_their_ends_and_nothing_else(tokenizer: Tokenizer) -> None:
    encode = PackedBatches(tokenizer, 1, LENGTH, seed=0).encode
    document = write_document(encode, [("Copy: 램프 bako", "램프 bako"), ("색은?", "파란 😀")], LENGTH)
    assert document
    said = tokenizer.decode([target for target in document.targets if target != NOT_SCORED], skip_special_tokens=False)
    assert said == "램프 bako<|im_end|>파란 😀<|im_end|>"
    read = tokenizer.decode(document.tokens, skip_special_tokens=False)
    assert read == chat_prompt("Copy: 램프 bako") + "램프 bako<|im_end|>\n" + chat_prompt("색은?") + "파란 😀<|im_end|>"
    assert len(document.tokens) == len(document.targets) == len(document.weights)


def test_turns_that_do_not_fit_are_dropped_from_the_end(tokenizer: Tokenizer) -> None:
    encode = PackedBatches(tokenizer, 1, LENGTH, seed=0).encode
    first = write_document(encode, [("a", "b")], LENGTH)
    assert first
    assert write_document(encode, [("a", "b"), ("c " * 50, "d")], len(first.tokens) + 20) == first
    assert write_document(encode, [("a " * 50, "b")], 20) is None


def test_restored_batches_go_on_with_the_documents_that_were_waiting(tokenizer: Tokenizer) -> None:
    def tokens(source: PackedBatches) -> list[list[list[int]]]:
        return [source.next(0.5).tokens.tolist() for _ in range(5)]

    undisturbed = PackedBatches(tokenizer, ROWS, LENGTH, seed=4)
    tokens(undisturbed)
    resumed = PackedBatches(tokenizer, ROWS, LENGTH, seed=99)
    resumed.restore(undisturbed.state())
    assert tokens(resumed) == tokens(undisturbed)
