"""What several tests share: one small tokenizer and one base, made once, and a tiny training or a job in a folder of its own."""
from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from job_runs import write_rows
from make_base import make_base
from tokenizers import Tokenizer

from tiny import tokenizer as making
from tiny import train
from tiny.questions import questions


@pytest.fixture(scope="session")
def tokenizer() -> Tokenizer:
    return making.build(1_664, 200, seed=0, examples=2_000)


@pytest.fixture
def start_training(tmp_path: Path, tokenizer: Tokenizer) -> Callable[..., dict]:
    """Trains a network of one block in the named folder; returns the last line of its progress."""

    def start(name: str, *more: str) -> dict:
        out = tmp_path / name
        if not out.exists():
            making.save(tokenizer, out / "tokenizer")
        train.main(["--out", str(out), "--rows", "2", "--length", "96", "--width", "32", "--layers", "1", "--no-compile",
                    "--precision", "float32", *more])
        return json.loads((out / "progress.jsonl").read_text().splitlines()[-1])

    return start


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_base(tmp_path_factory.mktemp("base"))


@pytest.fixture
def job_in(tmp_path: Path, base: Path) -> Callable[..., dict]:
    """A job of 20 steps on 40 rows in the named folder, with rows as its method reads them."""
    asked = list(questions("sentiment", "ko", "known", 40, 1))
    rows = {"dpo": [{"prompt": row["prompt"], "chosen": row["answer"], "rejected": "이름"} for row in asked],
            "pretrain": [{"text": f"{row['prompt']} {row['answer']}"} for row in asked]}
    completed = [{"prompt": row["prompt"], "completion": row["answer"]} for row in asked]

    def make(name: str, **more: object) -> dict:
        method = str(more.get("method", "lora"))
        data = write_rows(tmp_path / f"{method}.jsonl", rows.get(method, completed))
        return {"method": method, "base": str(base), "data": data, "out": str(tmp_path / name), "batch": 1, "accumulate": 2, "rate": 1e-2, "dropout": 0.2, **more}

    return make
