"""Copies a trained model with its weights in float16, half the size: the form that ships and that fine-tuning starts from.

    python -m tiny.halve work/model ../models/tiny
"""
from __future__ import annotations

import argparse
import shutil
from collections.abc import Sequence
from pathlib import Path

from safetensors.torch import load_file, save_file

WEIGHTS = "model.safetensors"


def main(arguments: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("out", type=Path)
    options = parser.parse_args(arguments)
    options.out.mkdir(parents=True, exist_ok=True)
    for file in options.model.iterdir():
        if file.name != WEIGHTS:
            shutil.copy(file, options.out / file.name)
    weights = {name: value.half() for name, value in load_file(options.model / WEIGHTS).items()}
    save_file(weights, options.out / WEIGHTS, metadata={"format": "pt"})


if __name__ == "__main__":
    main()
