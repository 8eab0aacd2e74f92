"""A fine-tuning job: what it learns from, and that killing it changes nothing but the time it takes."""
from __future__ import annotations

import json
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest
from job_runs import Messages, fork, losses, messages_from, of_kind, run_here, start, weights
from torch import equal
from transformers import AutoModelForCausalLM, AutoTokenizer

from patchbay_trainer.job import JobError, parse_job
from patchbay_trainer.rows import NOT_SCORED, encode_row, messages_of
from patchbay_trainer.training import learning_rate, rows_of_step


@pytest.mark.parametrize(("how", "more"), [
    (signal.SIGTERM, {}), (signal.SIGKILL, {"precision": "bfloat16"}), (signal.SIGKILL, {"method": "full", "rate": 1e-3}),
    (signal.SIGKILL, {"method": "dpo"}), (signal.SIGKILL, {"method": "pretrain", "from_scratch": True})])
def test_a_job_that_is_ended_goes_on_from_its_checkpoint_to_the_same_loss(
        job_in: Callable[..., dict], tmp_path: Path, how: signal.Signals, more: dict) -> None:
    undisturbed, disturbed = job_in("undisturbed", **more), job_in("disturbed", **more, checkpoint_seconds=0)
    # Evaluating draws nothing, so the one that does it ends where the one that does not ends.
    disturbed |= {"evaluation": disturbed["data"], "evaluate_every": 7}
    whole = run_here(undisturbed)
    process, lines = fork(disturbed, tmp_path)
    said: Messages = []
    for message in messages_from(lines):
        said.append(message)
        if message["type"] == "step-end" and message["step"] == 3:
            os.kill(process.pid, how)
    process.join()
    assert process.exitcode == (-signal.SIGKILL if how == signal.SIGKILL else 0)
    assert said[-1]["type"] != "train-end" and (how == signal.SIGKILL or said[-1]["type"] == "train-stop")
    rest = run_here(disturbed)
    assert 2 <= rest[0]["step"] < 20
    assert losses(rest) == {step: loss for step, loss in losses(whole).items() if step > rest[0]["step"]}
    assert abs(rest[-1]["loss"] - whole[-1]["loss"]) <= 1e-5
    assert all(equal(value, weights(disturbed)[name]) for name, value in weights(undisturbed).items())
    assert [message["step"] for message in of_kind(said + rest, "evaluation-end")][-2:] == [14, 20]


def test_an_adapter_learns_on_top_of_a_model_that_was_trained_here(job_in: Callable[..., dict]) -> None:
    """Its loss has a floor, here 4.1 of 6.9: the output embeddings of the new words stay frozen, and short."""
    tuned = run_here(job_in("tuned", method="full", epochs=3))[-1]["model"]
    job = job_in("out", base=tuned, epochs=3, dropout=0.0)
    data = Path(job["data"])
    rows = [{**json.loads(line), "completion": "이름"} for line in data.read_text(encoding="utf-8").splitlines()]
    data.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    said = run_here(job)
    assert 0 < said[0]["trained"] < said[0]["parameters"]
    assert losses(said)[60] < 0.7 * losses(said)[1]
    assert all("lora_" in name for name in weights(job))


def test_a_whole_model_is_trained_and_can_be_loaded(job_in: Callable[..., dict], base: Path) -> None:
    said = run_here(job_in("out", method="full", epochs=3))
    assert losses(said)[60] < losses(said)[1] / 2
    assert said[0]["trained"] == said[0]["parameters"]
    before, after = (AutoModelForCausalLM.from_pretrained(folder) for folder in (base, said[-1]["model"]))
    assert not equal(before.model.layers[0].mlp.up_proj.weight, after.model.layers[0].mlp.up_proj.weight)
    assert AutoTokenizer.from_pretrained(said[-1]["model"]).chat_template


def test_only_the_assistants_words_and_their_ends_are_learned(base: Path) -> None:
    tokenizer = AutoTokenizer.from_pretrained(base)
    turns = [("user", "색은?"), ("assistant", "파란 😀"), ("user", "And: code"), ("assistant", "AB-12")]
    row = encode_row(tokenizer, [{"role": role, "content": content} for role, content in turns])
    assert tokenizer.decode([target for target in row.targets if target != NOT_SCORED]) == "파란 😀<|im_end|>AB-12<|im_end|>"
    assert tokenizer.decode(row.tokens) == ("<|im_start|>user\n색은?<|im_end|>\n<|im_start|>assistant\n파란 😀<|im_end|>\n"
                                            "<|im_start|>user\nAnd: code<|im_end|>\n<|im_start|>assistant\nAB-12<|im_end|>")


def test_each_epoch_takes_every_row_once_in_an_order_of_its_own(job_in: Callable[..., dict]) -> None:
    job = parse_job(job_in("out", batch=2, accumulate=2))
    rows: list = list(range(10))
    epochs = [[row for step in range(3 * epoch, 3 * epoch + 3) for row in rows_of_step(rows, job, step)] for epoch in (0, 1)]
    assert sorted(epochs[0]) == sorted(epochs[1]) == rows and epochs[0] != epochs[1]


def test_the_rate_rises_falls_and_is_never_zero() -> None:
    rates = [learning_rate(1.0, step, 100) for step in range(100)]
    assert rates[:5] == sorted(rates[:5]) and rates[5:] == sorted(rates[5:], reverse=True)
    assert max(rates) == 1.0 and min(rates) > 0 and learning_rate(1.0, 0, 1) == 1.0


@pytest.mark.parametrize(("method", "row", "said"), [
    ("lora", {"text": "a"}, "neither"), ("lora", {"messages": [{"role": "user", "content": "a"}]}, "nothing to learn"),
    ("lora", {"prompt": "a", "completion": 4}, "role and content"), ("lora", {"prompt": "a", "completion": "b " * 600}, "over 512"),
    ("dpo", {"prompt": "a", "completion": "b"}, "not all of"), ("dpo", {"prompt": "a", "chosen": "b", "rejected": "b"}, "the same"),
    ("dpo", {"prompt": "a", "chosen": "b", "rejected": "b " * 600}, "over 512"),
    ("dpo", {"prompt": "a", "chosen": "b", "rejected": []}, "nothing to"), ("pretrain", {"text": " "}, "an empty one")])
def test_a_row_that_can_not_be_learned_is_named(job_in: Callable[..., dict], method: str, row: dict, said: str) -> None:
    job = job_in("out", method=method)
    with open(job["data"], "a", encoding="utf-8") as data:
        data.write("\n" + json.dumps(row) + "\n")
    with pytest.raises(JobError, match=f"Row 42 of the data.*{said}"):
        run_here(job)


def test_a_prompt_and_a_completion_may_be_messages() -> None:
    assert messages_of({"prompt": [{"role": "user", "content": "a"}], "completion": "b"}) == messages_of({"prompt": "a", "completion": "b"})


@pytest.mark.parametrize(("change", "said"), [({"epoch": 2}, "epoch"), ({"epochs": "2"}, "epochs"), ({"epochs": True}, "epochs"), ({"method": "sft"}, "method"), ({"from_scratch": True}, "from_scratch"), ({"precision": "float16"}, "precision"), ({"evaluation": "/none"}, "no evaluation file"),
                                              ({"batch": 0}, "batch"), ({"data": "/none"}, "no data file"), ({"base": "/none"}, "safetensors")])
def test_a_wrong_job_is_refused(job_in: Callable[..., dict], change: dict, said: str) -> None:
    with pytest.raises(JobError, match=said):
        parse_job({**job_in("out"), **change})


def test_the_checkpoint_of_another_job_is_refused(job_in: Callable[..., dict]) -> None:
    run_here(job_in("out", checkpoint_seconds=0))
    with pytest.raises(JobError, match="another job"):
        run_here(job_in("out", rate=2e-3))


def test_errors_are_messages_too(tmp_path: Path) -> None:
    process = start({"method": "lora"}, tmp_path)
    said = list(messages_from(process.stdout))
    assert process.wait() == 1
    assert [(message["type"], message["code"]) for message in said] == [("train-error", "bad-job")]
