"""What several tests share: one small tokenizer, made once, and a tiny training in a folder of its own."""
from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from tokenizers import Tokenizer

from tiny import tokenizer as making
from tiny import train


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
        train.main(["--out", str(out), "--rows", "2", "--length", "96", "--width", "32", "--layers", "1", "--no-compile", *more])
        return json.loads((out / "progress.jsonl").read_text().splitlines()[-1])

    return start
