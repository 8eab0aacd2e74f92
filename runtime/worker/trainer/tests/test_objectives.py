"""Preferences, plain text, evaluation while training, and what is computed in."""
from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from job_runs import losses, of_kind, run_here, weights, write_rows
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

from patchbay_trainer.job import Job, parse_job
from patchbay_trainer.network import load_network
from patchbay_trainer.objectives import evaluate, measure, weight_of
from patchbay_trainer.rows import NOT_SCORED, Row, encode, encode_pair, encode_text, read_rows


def log_probability(network: torch.nn.Module, row: Row) -> float:
    """Of what is scored, one token after the other and without padding: another way than the trainer's."""
    with torch.no_grad():
        said = network(input_ids=torch.tensor([row.tokens])).logits[0].double().log_softmax(-1)
    return sum(said[place, target].item() for place, target in enumerate(row.targets[1:]) if target != NOT_SCORED)


def test_the_loss_of_preferences_is_that_of_the_paper(job_in: Callable[..., dict], base: Path) -> None:
    asked = job_in("out", method="dpo", dropout=0.0, beta=0.3)
    job, tokenizer = parse_job(asked), AutoTokenizer.from_pretrained(base)
    said = run_here(asked)
    first, last = of_kind(said, "step-end")[0], of_kind(said, "step-end")[-1]
    # The adapter begins as no change at all: both rewards are 0.
    assert (first["loss"], first["accuracy"], first["margin"]) == (pytest.approx(math.log(2), abs=1e-6), 0, pytest.approx(0, abs=1e-6))
    assert last["loss"] < math.log(2) and last["accuracy"] == 1 and last["margin"] > 0
    reference = AutoModelForCausalLM.from_pretrained(base)
    network = PeftModel.from_pretrained(AutoModelForCausalLM.from_pretrained(base), said[-1]["model"])
    pairs = read_rows(Path(job.data), tokenizer, job)[:5]
    by_hand = []
    for pair in pairs:
        chosen, rejected = (log_probability(network, row) - log_probability(reference, row) for row in (pair.chosen, pair.rejected))
        by_hand.append(-math.log(1 / (1 + math.exp(-0.3 * (chosen - rejected)))))
    found = evaluate(network, pairs, job, 0, lambda: False)
    assert found and found["loss"] == pytest.approx(sum(by_hand) / len(pairs), abs=1e-4)
    assert found["loss"] == pytest.approx(measure(network.eval(), pairs, job, 0).loss.item() / weight_of(pairs, job), abs=1e-5)


def test_only_the_two_answers_are_scored_in_a_pair(base: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(base)
    turns = [{"role": "user", "content": "색은?"}, {"role": "assistant", "content": "빨간"}, {"role": "user", "content": "And: code"}]
    pair = encode_pair(tokenizer, {"prompt": turns, "chosen": "AB-12", "rejected": [{"role": "assistant", "content": "CD-34"}]})
    said = [tokenizer.decode([target for target in row.targets if target != NOT_SCORED]) for row in (pair.chosen, pair.rejected)]
    assert said == ["AB-12<|im_end|>", "CD-34<|im_end|>"]
    assert tokenizer.decode(pair.chosen.tokens).replace("AB-12", "CD-34") == tokenizer.decode(pair.rejected.tokens)


def test_all_of_a_text_is_learned_and_a_long_one_is_cut(base: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(base)
    row = encode_text(tokenizer, {"text": "파란 색 AB-12"}, 100)
    assert row.targets == row.tokens and tokenizer.decode(row.tokens) == "파란 색 AB-12<|im_end|>"
    assert encode_text(tokenizer, {"text": "파란 색 AB-12"}, 3).tokens == row.tokens[:3]


@pytest.mark.parametrize("from_scratch", [False, True])
def test_a_text_is_learned_from_the_weights_of_the_base_or_from_new_ones(job_in: Callable[..., dict], base: Path, from_scratch: bool) -> None:
    job = job_in("out", method="pretrain", from_scratch=from_scratch, rate=3e-3, longest=48)
    first = load_network(parse_job(job))
    there = AutoModelForCausalLM.from_pretrained(base)
    assert torch.equal(first.model.embed_tokens.weight, there.model.embed_tokens.weight) != from_scratch
    assert first.config.hidden_size == there.config.hidden_size
    said = run_here(job)
    assert losses(said)[20] < 0.9 * losses(said)[1]
    assert said[0]["trained"] == said[0]["parameters"] == sum(value.numel() for value in weights(job).values())
    assert max(message["tokens"] for message in of_kind(said, "step-end")) <= 2 * 48
    assert sorted(file.name for file in Path(said[-1]["model"]).iterdir() if file.name != "generation_config.json") == [
        "chat_template.jinja", "config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"]


def test_rows_that_are_held_out_are_measured_every_so_many_steps_and_at_the_end(job_in: Callable[..., dict], tmp_path: Path, base: Path) -> None:
    rows = [{"prompt": "색은?", "completion": "파란"}, {"prompt": "색은?", "completion": "파란 파란 파란 AB-12"}, {"prompt": "이름은?", "completion": "가"}]
    job = job_in("out", method="full", batch=2, accumulate=2, evaluation=write_rows(tmp_path / "held.jsonl", rows), evaluate_every=4)
    said = run_here(job)
    found = of_kind(said, "evaluation-end")
    assert [message["step"] for message in found] == [4, 8, 10]
    assert said[-1]["type"] == "train-end"
    # Each token weighs the same, whatever the length of its row and the batch it is in.
    tokenizer, network = AutoTokenizer.from_pretrained(base), AutoModelForCausalLM.from_pretrained(said[-1]["model"])
    held = [encode(tokenizer, row, parse_job(job)) for row in rows]
    by_hand = -sum(log_probability(network, row) for row in held) / sum(target != NOT_SCORED for row in held for target in row.targets)
    assert found[-1]["loss"] == pytest.approx(by_hand, abs=1e-4)


def test_without_a_number_each_epoch_is_evaluated_and_preferences_have_an_accuracy(job_in: Callable[..., dict]) -> None:
    job = job_in("out", method="dpo", epochs=2, batch=10, accumulate=2)
    found = of_kind(run_here({**job, "evaluation": job["data"]}), "evaluation-end")
    assert [message["step"] for message in found] == [2, 4]
    assert all(0 <= message["accuracy"] <= 1 for message in found)


def test_an_evaluation_can_be_stopped(job_in: Callable[..., dict], base: Path) -> None:
    job = parse_job(job_in("out"))
    rows = read_rows(Path(job.data), AutoTokenizer.from_pretrained(base), job)
    asked = iter([False, False, True])
    network = load_network(job)
    assert evaluate(network, rows, job, 0, lambda: next(asked)) is None and network.training


@pytest.mark.parametrize("method", ["lora", "full"])
def test_bfloat16_is_computed_in_and_what_is_trained_stays_float32(job_in: Callable[..., dict], method: str) -> None:
    jobs = [job_in(precision, method=method, precision=precision, dropout=0.0, rate=1e-3) for precision in ("float32", "bfloat16")]
    whole, half = (losses(run_here(job)) for job in jobs)
    assert whole != half and half == pytest.approx(whole, rel=0.05)
    assert {value.dtype for value in weights(jobs[1]).values()} == {torch.float32}


def test_on_a_cpu_float32_is_what_is_taken(job_in: Callable[..., dict]) -> None:
    assert next(load_network(parse_job(job_in("out"))).parameters()).dtype == torch.float32
    assert Job(**job_in("out")).precision == "auto"
