"""Training: its learning rate, and that stopping and going on changes nothing."""
from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from safetensors.torch import load_file
from torch import allclose, equal

from tiny.checkpoint import step_folders
from tiny.train import DECAY_FROM, LOWEST_RATE, WARM_UP_STEPS, learning_rate

Start = Callable[..., dict]


def test_the_learning_rate_warms_up_holds_and_falls_to_its_lowest() -> None:
    assert learning_rate(1.0, 0, 0.0) == 1 / WARM_UP_STEPS
    warming = [learning_rate(1.0, step, 0.0) for step in range(WARM_UP_STEPS)]
    assert warming == sorted(warming) and warming[-1] == 1.0
    assert learning_rate(2.0, 10_000, DECAY_FROM - 0.01) == 2.0
    falling = [learning_rate(1.0, 10_000, DECAY_FROM + (1 - DECAY_FROM) * part / 20) for part in range(21)]
    assert falling == sorted(falling, reverse=True) and falling[0] == pytest.approx(1.0) and falling[-1] == LOWEST_RATE


@pytest.mark.parametrize("processes", ["1", "2"])
def test_a_stopped_training_goes_on_exactly(start_training: Start, tmp_path: Path, processes: str) -> None:
    length = ["--steps", "8", "--processes", processes]
    whole = start_training("whole", *length)
    stopped = start_training("parts", *length, "--stop-at", "3")
    assert (stopped["event"], stopped["step"]) == ("stopped", 3)
    parts = start_training("parts", *length, "--resume", "--precision", "auto")
    assert (parts["event"], parts["step"], parts["tokens"]) == ("done", 8, whole["tokens"])
    assert parts["loss"] == whole["loss"]
    weights = [load_file(tmp_path / name / "model" / "model.safetensors") for name in ("whole", "parts")]
    assert all(equal(value, weights[1][name]) for name, value in weights[0].items())


def test_another_seed_ends_elsewhere(start_training: Start) -> None:
    first, other = (start_training(seed, "--steps", "2", "--processes", "1", "--seed", seed) for seed in ("1", "2"))
    assert first["loss"] != other["loss"]


def test_a_step_that_not_every_process_saved_is_passed_over(start_training: Start, tmp_path: Path) -> None:
    length = ["--steps", "8", "--processes", "1"]
    start_training("out", *length, "--stop-at", "3")
    start_training("out", *length, "--stop-at", "5", "--resume")
    (tmp_path / "out" / "checkpoints" / "5" / "0.pt").unlink()
    assert start_training("out", *length, "--stop-at", "4", "--resume")["step"] == 4


def test_the_last_two_checkpoints_are_kept(start_training: Start, tmp_path: Path) -> None:
    length = ["--steps", "8", "--processes", "1"]
    for place, step in enumerate(("2", "3", "4")):
        start_training("out", *length, "--stop-at", step, *(["--resume"] if place else []))
    assert [folder.name for folder in step_folders(tmp_path / "out")] == ["3", "4"]


def test_going_on_with_other_settings_is_refused(start_training: Start) -> None:
    start_training("out", "--steps", "8", "--processes", "1", "--stop-at", "2")
    with pytest.raises(SystemExit, match="steps was 8, now 9"):
        start_training("out", "--steps", "9", "--processes", "1", "--resume")


def test_going_on_from_nothing_says_so(start_training: Start) -> None:
    with pytest.raises(SystemExit, match="Start without --resume"):
        start_training("out", "--steps", "2", "--processes", "1", "--resume")


def test_a_training_may_start_from_the_weights_of_a_model(start_training: Start, tmp_path: Path) -> None:
    start_training("first", "--steps", "2", "--processes", "1")
    # The learning rate of a first step is a hundredth of its height: the weights stay close to those it starts from.
    start_training("second", "--steps", "1", "--processes", "1", "--rate", "1e-9", "--start", str(tmp_path / "first" / "model"))
    first, second = (load_file(tmp_path / name / "model" / "model.safetensors") for name in ("first", "second"))
    assert first and all(allclose(value, second[name], atol=1e-6) for name, value in first.items())
