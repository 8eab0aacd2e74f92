"""python -m patchbay_trainer job.json

Trains, and goes on from the checkpoint in the job's folder if there is one. SIGTERM saves after the step in hand and ends
with `train-stop` and 0. Standard output carries messages only, one JSON object a line; libraries write to standard error.
"""
from __future__ import annotations

import json
import os
import signal
import sys
from pathlib import Path

from .job import JobError, parse_job


def main() -> int:
    messages = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def emit(kind: str, **fields: object) -> None:
        messages.write(json.dumps({"type": kind, **fields}, ensure_ascii=False, allow_nan=False) + "\n")
        messages.flush()

    asked: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, _: asked.append(number))
    try:
        if len(sys.argv) != 2:
            raise JobError("bad-job", "Give one file: python -m patchbay_trainer job.json")
        try:
            job = parse_job(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")))
        except (OSError, ValueError) as problem:
            raise JobError("bad-job", f"{sys.argv[1]} can not be read as JSON: {problem}.") from problem
        try:
            from .training import run_job
        except ImportError as problem:
            raise JobError("missing-package", f"{problem}. Install the trainer with its extra: job.") from problem
        run_job(job, emit, lambda: bool(asked))
        return 0
    except JobError as problem:
        emit("train-error", code=problem.code, message=str(problem))
    except Exception as problem:  # the last frame: whatever it was, the worker is told, and the trace goes to standard error
        sys.excepthook(type(problem), problem, problem.__traceback__)
        emit("train-error", code="crashed", message=f"{type(problem).__name__}: {problem}")
    return 1


if __name__ == "__main__":
    sys.exit(main())
