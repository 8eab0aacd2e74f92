"""Runs jobs for the tests, here or in a process of their own. Every message they emit is held against the protocol's schema."""
from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from safetensors.torch import load_file

import patchbay_trainer
from patchbay_trainer.job import parse_job
from patchbay_trainer.training import run_job

Messages = list[dict[str, Any]]
SCHEMA = json.loads((Path(patchbay_trainer.__file__).parent / "protocol.schema.json").read_text(encoding="utf-8"))
message_schema, job_schema = Draft202012Validator(SCHEMA["message"]), Draft202012Validator(SCHEMA["job"])


def valid(message: dict[str, Any]) -> dict[str, Any]:
    message_schema.validate(message)
    return message


def run_here(job: dict) -> Messages:
    job_schema.validate(job)
    said: Messages = []
    run_job(parse_job(job), lambda kind, **fields: said.append(valid({"type": kind, **fields})), lambda: False)
    return said


def start(job: dict, tmp_path: Path) -> subprocess.Popen[str]:
    file = tmp_path / "job.json"
    file.write_text(json.dumps(job))
    return subprocess.Popen([sys.executable, "-m", "patchbay_trainer", str(file)], cwd=Path(__file__).parent.parent, stdout=subprocess.PIPE,
                            stderr=subprocess.DEVNULL, text=True, encoding="utf-8")


def messages_from(process: subprocess.Popen[str]) -> Iterator[dict[str, Any]]:
    assert process.stdout
    for line in process.stdout:
        yield valid(json.loads(line))


def of_kind(said: Messages, kind: str) -> Messages:
    return [message for message in said if message["type"] == kind]


def losses(said: Messages) -> dict[int, float]:
    return {message["step"]: message["loss"] for message in of_kind(said, "step-end")}


def weights(job: dict) -> dict:
    (file,) = (Path(job["out"]) / "model").glob("*.safetensors")
    return load_file(file)


def write_rows(file: Path, rows: list[dict]) -> str:
    file.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows), encoding="utf-8")
    return str(file)
