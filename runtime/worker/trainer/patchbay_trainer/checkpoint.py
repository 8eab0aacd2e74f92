"""The file that a job goes on from: weights, optimiser, random generators, position."""
from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import torch


def save_checkpoint(file: Path, state: dict[str, Any]) -> None:
    """Whole or not at all: a process that is killed while it saves leaves the file before."""
    unfinished = file.with_suffix(".tmp")
    with open(unfinished, "wb") as opened:
        torch.save(state, opened)
        opened.flush()
        os.fsync(opened.fileno())
    unfinished.replace(file)


def generators(device: str) -> dict[str, Any]:
    return {"cpu": torch.get_rng_state(), **({"cuda": torch.cuda.get_rng_state()} if device == "cuda" else {})}


def restore(state: dict[str, Any], weights: dict[str, torch.nn.Parameter], optimiser: torch.optim.Optimizer) -> None:
    with torch.no_grad():
        for name, parameter in weights.items():
            parameter.copy_(state["weights"][name])
    optimiser.load_state_dict(state["optimiser"])
    torch.set_rng_state(state["generators"]["cpu"])
    if "cuda" in state["generators"]:
        torch.cuda.set_rng_state(state["generators"]["cuda"])
