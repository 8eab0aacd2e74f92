"""Runs jobs for the tests, here or in a process of their own. Every message they emit is held against the protocol's schema."""
from __future__ import annotations

import json
import multiprocessing
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import Any, TextIO

from jsonschema import Draft202012Validator
from safetensors.torch import load_file

import patchbay_trainer
from patchbay_trainer.__main__ import main
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


def _run_module(file: str, pipe: Connection) -> None:
    os.dup2(pipe.fileno(), 1)
    pipe.close()
    sys.argv = ["patchbay_trainer", file]
    sys.exit(main())


def fork(job: dict, tmp_path: Path) -> tuple[BaseProcess, TextIO]:
    """A process of its own that has its imports already, which take as long as all the rest: forked from one that did nothing else."""
    file = tmp_path / "job.json"
    file.write_text(json.dumps(job))
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["job_runs", "peft", "transformers.models.llama.modeling_llama"])
    reading, writing = context.Pipe(duplex=False)
    process = context.Process(target=_run_module, args=(str(file), writing))
    process.start()
    writing.close()
    return process, os.fdopen(os.dup(reading.fileno()), encoding="utf-8")


def messages_from(lines: Iterable[str]) -> Iterator[dict[str, Any]]:
    for line in lines:
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
