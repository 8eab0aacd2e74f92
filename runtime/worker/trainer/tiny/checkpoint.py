"""Saves where training stands, and goes on from there as if nothing had happened.

Each process saves its own file, since each owns a share of the optimiser's state and its own data. Files are named by
step, and the last two steps are kept: a process that is killed between two files leaves the step before whole.
"""
from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import torch

KEPT = 2


def step_folders(out: Path) -> list[Path]:
    """The folders of saved steps, oldest first."""
    return sorted((out / "checkpoints").glob("[0-9]*"), key=lambda folder: int(folder.name))


def save_checkpoint(out: Path, rank: int, step: int, state: dict[str, Any]) -> None:
    folder = out / "checkpoints" / str(step)
    folder.mkdir(parents=True, exist_ok=True)
    unfinished = folder / f"{rank}.tmp"
    torch.save(state, unfinished)
    unfinished.replace(folder / f"{rank}.pt")
    for old in step_folders(out)[:-KEPT]:
        (old / f"{rank}.pt").unlink(missing_ok=True)
        with suppress(OSError):  # another process has a file there still, or was the last to leave
            old.rmdir()


def newest(out: Path, rank: int, processes: int) -> dict[str, Any]:
    """What a process saved at the newest step that every process saved."""
    whole = [folder for folder in step_folders(out) if all((folder / f"{each}.pt").exists() for each in range(processes))]
    if not whole:
        raise SystemExit(f"There is nothing to go on from in {out / 'checkpoints'}. Start without --resume.")
    return torch.load(whole[-1] / f"{rank}.pt", weights_only=True)


def load_checkpoint(out: Path, rank: int, processes: int, settings: dict[str, object]) -> dict[str, Any]:
    """The newest step. Other settings than those it was trained with are refused."""
    state = newest(out, rank, processes)
    changed = [f"{name} was {state['settings'].get(name)}, now {value}" for name, value in settings.items() if state["settings"].get(name) != value]
    if changed:
        raise SystemExit(f"The saved training had other settings ({'; '.join(changed)}). Use the same, or start without --resume.")
    return state
