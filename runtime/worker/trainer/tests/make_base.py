"""Writes a base model of one block with random weights: python make_base.py FOLDER, from the trainer's folder."""
from __future__ import annotations

import sys
from pathlib import Path

import torch

sys.path.insert(0, str(Path(__file__).parent.parent))
from tiny import tokenizer as making  # noqa: E402
from tiny.model import Shape, TinyLlama, export  # noqa: E402


def make_base(folder: Path) -> Path:
    torch.manual_seed(0)
    made = making.build(1_664, 200, seed=0, examples=2_000)
    making.save(made, folder)
    export(TinyLlama(Shape(vocabulary=made.get_vocab_size(), width=32, layers=1, feed_forward=64)), folder)
    return folder


if __name__ == "__main__":
    make_base(Path(sys.argv[1]))
